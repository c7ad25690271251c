using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Providers.GitHub;
using DevPlatform.Catalog.Tests.Support;
using DevPlatform.MockTools.Hosting;
using DevPlatform.Shared.Configuration;
using DevPlatform.Shared.Git;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Octokit;

namespace DevPlatform.Catalog.Tests.Providers;

/// <summary>Discovery as a GitHub App, whose installation reads a private organization.</summary>
public sealed class GitHubAppTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("github-app-tests");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly RSA _key = RSA.Create(2048);
    private readonly HttpClient _http = new();
    private WebApplication _gitHub = null!;
    private Uri _url = null!;

    public async Task InitializeAsync()
    {
        var repository = Directory.CreateDirectory(Path.Combine(_directory.FullName, "seed", "apps", "private")).FullName;
        await File.WriteAllTextAsync(Path.Combine(repository, "catalog-info.yaml"), Yaml.Group("app-team"));
        (_gitHub, _url) = await MockToolHost.StartAsync(
            "github", $"--Git:Root={_directory.FullName}/git", $"--Git:Seed={_directory.FullName}/seed", "--Git:AnonymousRead=false", "--GitHub:Token=nobody-has-it", "--GitHub:App:Id=4711",
            $"--GitHub:App:PublicKey={_key.ExportSubjectPublicKeyInfoPem()}", "--Logging:LogLevel:Default=Warning");
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        _key.Dispose();
        await _gitHub.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task One_token_lists_and_clones_until_shortly_before_it_ends_or_is_revoked()
    {
        await using var services = Services(_key);
        var (api, repositories) = (services.GetRequiredService<GitHubApi>(), services.GetRequiredService<IGitRepositories>());
        var found = await ListAsync(api);
        found.Select(repository => repository.Name).ShouldBe(["private"]);
        await ListAsync(api);
        (await repositories.GetSnapshotAsync(found[0].CloneUrl, null, CancellationToken.None)).ReadText("catalog-info.yaml").ShouldContain("app-team");
        (await IssuedAsync()).ShouldBe(1);

        _time.Advance(TimeSpan.FromMinutes(50));
        await ListAsync(api);
        (await IssuedAsync()).ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(5));
        await ListAsync(api);
        (await repositories.ResolveAsync(found[0].CloneUrl, null, CancellationToken.None)).Reference.ShouldBe("main");
        (await IssuedAsync()).ShouldBe(2);

        (await _http.PostAsync(new Uri(_url, "__admin/app/revoke"), null)).EnsureSuccessStatusCode();
        await ListAsync(api);
        (await IssuedAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_is_not_the_apps_and_an_organization_without_it_are_refused()
    {
        using var other = RSA.Create(2048);
        await using var wrong = Services(other);
        await Should.ThrowAsync<AuthorizationException>(ListAsync(wrong.GetRequiredService<GitHubApi>()));
        await using var services = Services(_key);
        await Should.ThrowAsync<Octokit.NotFoundException>(
            services.GetRequiredService<GitHubApi>().CallAsync("elsewhere", client => client.Repository.GetAllForOrg("elsewhere"), CancellationToken.None));
    }

    [Theory]
    [InlineData("4711", null, null, "Catalog:GitHub:App:PrivateKey: found nothing; allowed: Id and PrivateKey, or neither")]
    [InlineData(null, "secret", null, "Catalog:GitHub:App:Id: found nothing")]
    [InlineData("4711", "secret", null, "Catalog:GitHub:App:PrivateKey: found \"…\"; allowed: an RSA private key in PEM")]
    [InlineData("4711", "secret", "token", "Catalog:GitHub:App:Id: found \"4711\"; allowed: an app or Catalog:GitHub:Token, not both")]
    public void Settings_that_are_no_app_stop_the_start(string? id, string? key, string? token, string problem)
    {
        var problems = new GitHubOptions { Token = token, App = { Id = id, PrivateKey = key } }.Problems(GitHubOptions.Section).ToList();
        problems.ShouldContain(found => found.StartsWith(problem, StringComparison.Ordinal));
        problems.ShouldAllBe(found => !found.Contains("secret", StringComparison.Ordinal));
    }

    private static Task<IReadOnlyList<Octokit.Repository>> ListAsync(GitHubApi api) => api.CallAsync("apps", client => client.Repository.GetAllForOrg("apps"), CancellationToken.None);

    private async Task<int> IssuedAsync() => (await _http.GetFromJsonAsync<JsonNode>(new Uri(_url, "__admin/app")))!["issued"]!.GetValue<int>();

    private ServiceProvider Services(RSA key)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Git:CacheDirectory"] = Path.Combine(_directory.FullName, Guid.NewGuid().ToString("N")),
            ["Catalog:GitHub:ApiUrl"] = new Uri(_url, "api/v3").AbsoluteUri,
            ["Catalog:GitHub:Organizations:0"] = "apps",
            ["Catalog:GitHub:App:Id"] = "4711",
            ["Catalog:GitHub:App:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
        }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddSingleton<TimeProvider>(_time).AddGitRepositories();
        services.AddModuleOptions<GitHubOptions>(GitHubOptions.Section);
        services.AddSingleton<IPostConfigureOptions<GitOptions>, GitHubCloneAccount>();
        services.AddSingleton<GitHubInstallations>().AddSingleton<GitHubApi>();
        services.AddSingleton<IGitAccounts>(provider => provider.GetRequiredService<GitHubInstallations>());
        return services.BuildServiceProvider();
    }
}
