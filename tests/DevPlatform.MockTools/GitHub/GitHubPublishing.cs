using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Git;

namespace DevPlatform.MockTools.GitHub;

/// <summary>The part of GitHub's REST API that publishing needs: pull requests, people, topics, branch protection. What was set is at <c>/__admin/settings</c>.</summary>
internal sealed class GitHubPublishing(GitRepositories repositories, PullRequests pulls, GitServer server)
{
    private readonly ConcurrentDictionary<string, JsonNode?> _settings = new(StringComparer.Ordinal);

    internal sealed record NewPullRequest(string Head, string Base, string Title, string? Body, bool Draft);

    /// <summary>Maps below <c>/api/v3</c>.</summary>
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/users/{name}", (string name) => new { login = name, id = 1, type = "Organization" });
        api.MapGet("/repos/{org}/{repo}/branches", (string org, string repo) =>
        {
            using var repository = repositories.Open(org, repo);
            return repository is null ? GitHubApi.NotFound() : Results.Ok(repository.Branches.Select(b => new { name = b.FriendlyName, commit = new { sha = b.Tip.Sha } }).ToArray());
        });
        api.MapPut("/repos/{org}/{repo}/topics", (Delegate)Keep);
        api.MapPut("/repos/{org}/{repo}/branches/{branch}/protection", (Delegate)Keep);
        api.MapPut("/repos/{org}/{repo}/collaborators/{user}", (Delegate)Keep);
        api.MapPut("/orgs/{org}/teams/{team}/repos/{owner}/{repo}", async (HttpContext context) =>
        {
            await Keep(context);
            return Results.NoContent();
        });

        api.MapPost("/repos/{org}/{repo}/pulls", (string org, string repo, NewPullRequest body) =>
            pulls.Open(org, repo, body.Head, body.Base, body.Title, body.Body, body.Draft) is { } pull
                ? Results.Json(Describe(org, repo, pull), statusCode: StatusCodes.Status201Created)
                : GitHubApi.Error(StatusCodes.Status422UnprocessableEntity, "Validation Failed"));
        api.MapGet("/repos/{org}/{repo}/pulls", (string org, string repo, string? head, string? state) => pulls.List(org, repo)
            .Where(p => (head is null || head == $"{org}:{p.Head}") && (state == "all" || p.Open == (state != "closed"))).Select(p => Describe(org, repo, p)));
        api.MapGet("/repos/{org}/{repo}/pulls/{number:long}", (string org, string repo, long number) => With(org, repo, number, _ => { }));
        api.MapPost("/repos/{org}/{repo}/pulls/{number:long}/requested_reviewers", (string org, string repo, long number, JsonObject body) =>
            With(org, repo, number, pull => pull.Reviewers.AddRange(Texts(body["reviewers"]).Concat(Texts(body["team_reviewers"])))));
        api.MapPost("/repos/{org}/{repo}/issues/{number:long}/assignees", (string org, string repo, long number, JsonObject body) =>
            With(org, repo, number, pull => pull.Assignees.AddRange(Texts(body["assignees"]))));
    }

    /// <summary>What was set, by path below <c>/api/v3</c>.</summary>
    public JsonObject Settings() => new(_settings.Select(s => KeyValuePair.Create(s.Key, s.Value?.DeepClone())));

    private async Task<IResult> Keep(HttpContext context)
    {
        var body = context.Request.ContentLength > 0 ? await context.Request.ReadFromJsonAsync<JsonNode>() : null;
        _settings[context.Request.Path.Value!["/api/v3".Length..]] = body;
        return Results.Ok(body?.DeepClone() ?? new JsonObject());
    }

    private IResult With(string org, string repo, long number, Action<PullRequest> change)
    {
        if (pulls.Find(org, repo, number) is not { } pull)
        {
            return GitHubApi.NotFound();
        }

        change(pull);
        return Results.Json(Describe(org, repo, pull), statusCode: StatusCodes.Status200OK);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(i => i!.ToString());

    private object Describe(string org, string repo, PullRequest pull) => new
    {
        id = pull.Number,
        number = pull.Number,
        title = pull.Title,
        body = pull.Body,
        draft = pull.Draft,
        state = pull.Open ? "open" : "closed",
        merged = pull.MergeCommit is not null,
        merge_commit_sha = pull.MergeCommit,
        html_url = $"{server.BaseUrl}/{org}/{repo}/pull/{pull.Number}",
        head = new { @ref = pull.Head, sha = "" },
        @base = new { @ref = pull.Base, sha = "" },
        requested_reviewers = pull.Reviewers.Select(r => new { login = r }),
        assignees = pull.Assignees.Select(a => new { login = a }),
    };
}
