using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using LibGit2Sharp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>What actions talk to besides Git: a chat, a mail server, a schema registry, GitHub.</summary>
public sealed class OutsideTools : IAsyncDisposable
{
    public const string GitHubToken = "platform-github-token";
    private readonly WebApplication _app;
    private readonly WebApplication _gitHub;
    private readonly string _directory;

    private OutsideTools(WebApplication app, WebApplication gitHub, Uri gitHubUrl, string directory) =>
        (_app, _gitHub, GitHubUrl, _directory) = (app, gitHub, gitHubUrl, directory);

    public Uri GitHubUrl { get; }

    /// <summary>As a RepoUrlPicker gives it.</summary>
    public string RepoUrl(string name) => $"{GitHubUrl.Authority}?owner=acme&repo={name}";

    public MailServer Mail { get; } = new();

    public ConcurrentQueue<JsonObject> ChatMessages { get; } = new();

    /// <summary>What the chat answers next; 200 when unset.</summary>
    public HttpStatusCode ChatStatus { get; set; } = HttpStatusCode.OK;

    /// <summary>Versions and rule of each artifact, as <c>group/artifact</c>.</summary>
    public ConcurrentDictionary<string, (List<string> Versions, string? Rule)> Schemas { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string?> Settings => new()
    {
        ["Scaffolder:Notifications:Slack:WebhookUrl"] = _app.Urls.First() + "/hooks/secret-hook",
        ["Scaffolder:Notifications:Email:Host"] = "127.0.0.1",
        ["Scaffolder:Notifications:Email:Port"] = Mail.Port.ToString(),
        ["Scaffolder:Notifications:Email:RequireTls"] = "false",
        ["Scaffolder:Notifications:Email:AllowedDomains:0"] = "example.com",
        ["Scaffolder:SchemaRegistry:Url"] = _app.Urls.First(),
        ["Scaffolder:GitHub:0:Host"] = GitHubUrl.Authority,
        ["Scaffolder:GitHub:0:ApiUrl"] = $"{GitHubUrl}api/v3/",
        ["Scaffolder:GitHub:0:Token"] = GitHubToken,
        ["Scaffolder:GitOps:AllowedRepositories:0"] = $"https://{GitHubUrl.Authority}/acme/*",
        ["Git:Hosts:0:Host"] = GitHubUrl.Authority,
    };

    public static async Task<OutsideTools> StartAsync(string directory)
    {
        var seed = Path.Combine(directory, "seed", "acme", "existing");
        Directory.CreateDirectory(seed);
        await File.WriteAllTextAsync(Path.Combine(seed, "README.md"), "# Existing\n");
        var (gitHub, url) = await MockToolHost.StartAsync(
            "github", $"--Git:Root={Path.Combine(directory, "repositories")}", $"--Git:Seed={Path.Combine(directory, "seed")}", $"--Git:Users:x-access-token={GitHubToken}",
            "--Git:AnonymousRead=false", $"--GitHub:Token={GitHubToken}", "--Logging:LogLevel:Default=Warning");

        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var tools = new OutsideTools(app, gitHub, url, directory);
        app.MapPost("/hooks/secret-hook", (JsonObject message) =>
        {
            tools.ChatMessages.Enqueue(message);
            return Results.Text("ok", statusCode: (int)tools.ChatStatus);
        });
        tools.MapRegistry(app);
        await app.StartAsync();
        return tools;
    }

    /// <summary>A file of a GitHub repository.</summary>
    public string? ReadGitHub(string repo, string branch, string path)
    {
        using var repository = new Repository(Path.Combine(_directory, "repositories", "acme", repo + ".git"));
        return (repository.Branches[branch]?.Tip[path]?.Target as Blob)?.GetContentText();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _gitHub.StopAsync();
        await _gitHub.DisposeAsync();
        await Mail.DisposeAsync();
    }

    // The registry's verdict is in the schema, so that tests decide it: what says "breaking" is incompatible with any version before.
    private void MapRegistry(WebApplication app)
    {
        var api = app.MapGroup("/apis/registry/v3/groups/{group}/artifacts");
        api.MapPost("/{artifact}/versions", (string group, string artifact, JsonObject body) =>
            !Schemas.TryGetValue($"{group}/{artifact}", out var known) ? Results.NotFound()
            : Verdict(known, body["content"]!["content"]!.ToString()) ?? Results.Ok(new { version = "dry" }));
        api.MapPost("", (string group, JsonObject body) =>
        {
            var content = body["firstVersion"]!["content"]!["content"]!.ToString();
            var known = Schemas.GetOrAdd($"{group}/{body["artifactId"]}", _ => ([], null));
            if (known.Versions.Count > 0 && !known.Versions.Contains(content) && Verdict(known, content) is { } refused)
            {
                return refused;
            }

            if (!known.Versions.Contains(content))
            {
                known.Versions.Add(content);
            }

            return Results.Ok(new { artifact = new { }, version = new { version = (known.Versions.IndexOf(content) + 1).ToString(), globalId = 7 } });
        });
        api.MapPut("/{artifact}/rules/COMPATIBILITY", (string group, string artifact, JsonObject body) =>
            Schemas.TryGetValue($"{group}/{artifact}", out var known) && known.Rule is not null ? SetRule(group, artifact, body) : Results.NotFound());
        api.MapPost("/{artifact}/rules", (string group, string artifact, JsonObject body) => SetRule(group, artifact, body));
    }

    private IResult SetRule(string group, string artifact, JsonObject body)
    {
        Schemas[$"{group}/{artifact}"] = (Schemas[$"{group}/{artifact}"].Versions, body["config"]!.ToString());
        return Results.NoContent();
    }

    private static IResult? Verdict((List<string> Versions, string? Rule) known, string content) =>
        content.Contains("invalid", StringComparison.Ordinal) ? Results.Json(new { title = "Invalid", detail = "Syntax violation" }, statusCode: 400)
        : content.Contains("breaking", StringComparison.Ordinal) && known.Rule != "NONE"
            ? Results.Json(new { title = "Incompatible", causes = new[] { new { description = "reader lacks a field", context = "/fields/1" } } }, statusCode: 409)
            : null;
}
