using System.Net;
using System.Text;
using DevPlatform.MockTools.Hosting;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using DevPlatform.Shared.Outbound;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Shared.Tests.Git;

/// <summary>Git over HTTP: where it connects to, as whom, and how long it waits.</summary>
public sealed class GitHttpTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("git-http-tests");
    private readonly List<string> _requests = [];
    private WebApplication _server = null!;

    private string Authority => new Uri(_server.Urls.First()).Authority;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Configuration["Logging:LogLevel:Default"] = "Warning";
        _server = builder.Build();
        _server.MapGet("/{name}.git/info/refs", AnswerAsync);
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_name_that_was_public_when_checked_and_is_private_when_connecting_is_not_connected_to()
    {
        var resolver = new Changing(IPAddress.Parse("93.184.215.14"), IPAddress.Loopback);
        var url = $"http://localhost:{new Uri(_server.Urls.First()).Port}/any.git";
        var error = await Should.ThrowAsync<InputException>(Repositories([], resolver).ResolveAsync(url, null, CancellationToken.None));
        error.Message.ShouldContain("private network");
        resolver.Asked.ShouldBe(2);
        _requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var error = await Should.ThrowAsync<ServiceUnavailableException>(Known().ResolveAsync($"http://{Authority}/redirect.git", null, CancellationToken.None));
        error.Message.ShouldContain("302");
        _requests.ShouldBe(["redirect"]);
    }

    [Fact]
    public async Task A_page_is_no_repository() =>
        await Should.ThrowAsync<NotFoundException>(Known().ResolveAsync($"http://{Authority}/page.git", null, CancellationToken.None));

    [Fact]
    public async Task An_account_is_given_when_asked_for_and_no_second_time()
    {
        var known = Repositories([("Git:Hosts:0:Host", Authority), ("Git:Hosts:0:Username", "ana"), ("Git:Hosts:0:Password", "secret")]);
        (await known.ResolveAsync($"http://{Authority}/private.git", null, CancellationToken.None)).Commit.ShouldBe(new string('a', 40));
        _requests.ShouldBe(["private", "private as ana:secret"]);

        var wrong = Repositories([("Git:Hosts:0:Host", Authority), ("Git:Hosts:0:Username", "ana"), ("Git:Hosts:0:Password", "wrong")]);
        (await Should.ThrowAsync<ServiceUnavailableException>(wrong.ResolveAsync($"http://{Authority}/private.git", null, CancellationToken.None))).Message.ShouldContain("refused access");
        (await Should.ThrowAsync<ServiceUnavailableException>(Known().ResolveAsync($"http://{Authority}/private.git", null, CancellationToken.None))).Message.ShouldContain("refused access");
        _requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up()
    {
        var repositories = Repositories([("Git:Hosts:0:Host", Authority), ("Git:Timeout", "00:00:01")]);
        (await Should.ThrowAsync<ServiceUnavailableException>(repositories.ResolveAsync($"http://{Authority}/silent.git", null, CancellationToken.None))).Message.ShouldContain("did not answer within 1 s");
    }

    [Fact]
    public async Task A_real_server_is_read()
    {
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "seed", "org", "repo"));
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "seed", "org", "repo", "a.txt"), "text");
        var (git, url) = await MockToolHost.StartAsync(
            "git", $"--Git:Root={_directory.FullName}/git", $"--Git:Seed={_directory.FullName}/seed", "--Git:Users:portal=test", "--Git:AnonymousRead=false", "--Logging:LogLevel:Default=Warning");
        await using (git)
        {
            var repositories = Repositories([("Git:Hosts:0:Host", url.Authority), ("Git:Hosts:0:Username", "portal"), ("Git:Hosts:0:Password", "test")]);
            (await repositories.GetSnapshotAsync($"{url}org/repo", null, CancellationToken.None)).ReadText("a.txt").ShouldBe("text");
            await Should.ThrowAsync<NotFoundException>(repositories.ResolveAsync($"{url}org/none", null, CancellationToken.None));
        }
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string name)
    {
        var account = context.Request.Headers.Authorization.ToString() is ['B', 'a', 's', 'i', 'c', ' ', .. var basic] ? Encoding.UTF8.GetString(Convert.FromBase64String(basic)) : null;
        _requests.Add(account is null ? name : $"{name} as {account}");
        switch (name)
        {
            case "redirect":
                return Results.Redirect($"http://{context.Request.Host}/redirected.git/info/refs?service=git-upload-pack");
            case "page":
                return Results.Text("<h1>Welcome</h1>", "text/html");
            case "silent":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.Empty;
            case "private" when account != "ana:secret":
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
                return Results.StatusCode(401);
            default:
                var id = new string('a', 40);
                return Results.Text(
                    string.Concat(Line("# service=git-upload-pack\n"), "0000", Line($"{id} HEAD\0symref=HEAD:refs/heads/main\n"), Line($"{id} refs/heads/main\n"), "0000"),
                    "application/x-git-upload-pack-advertisement");
        }

        static string Line(string text) => $"{text.Length + 4:x4}{text}";
    }

    private IGitRepositories Known() => Repositories([("Git:Hosts:0:Host", Authority)]);

    private IGitRepositories Repositories((string Key, string Value)[] settings, INameResolver? resolver = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("Git:CacheDirectory", Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N")))).Select(pair => KeyValuePair.Create(pair.Item1, (string?)pair.Item2))).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging();
        if (resolver is not null)
        {
            services.AddSingleton(resolver);
        }

        return services.AddGitRepositories().BuildServiceProvider().GetRequiredService<IGitRepositories>();
    }

    /// <summary>A name whose address changes from one question to the next, as an attacker's name server has it.</summary>
    private sealed class Changing(params IPAddress[] answers) : INameResolver
    {
        public int Asked { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult<IPAddress[]>([answers[Math.Min(Asked++, answers.Length - 1)]]);
    }
}
