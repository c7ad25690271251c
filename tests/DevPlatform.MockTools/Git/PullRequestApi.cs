namespace DevPlatform.MockTools.Git;

/// <summary>The part of Gitea's REST API about pull requests.</summary>
internal sealed class PullRequestApi(PullRequests pulls, GitAccounts accounts, GitServer server)
{
    internal sealed record NewPullRequest(string Head, string Base, string Title, string? Body);

    internal sealed record Change(string? State);

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1/repos/{org}/{repo}/pulls").AddEndpointFilter(async (call, next) =>
            accounts.Refuse(call.HttpContext, write: call.HttpContext.Request.Method != "GET") ?? await next(call));
        api.MapPost("", (HttpContext context, string org, string repo, NewPullRequest body) =>
            pulls.Open(org, repo, body.Head, body.Base, body.Title, body.Body, draft: false) is { } pull
                ? Results.Json(Describe(org, repo, pull), statusCode: StatusCodes.Status201Created)
                : GitApi.Error(context, StatusCodes.Status409Conflict, "pull request already exists for these targets"));
        api.MapGet("", (string org, string repo, string? state) =>
            Results.Ok(pulls.List(org, repo).Where(p => state == "all" || p.Open == (state != "closed")).Select(p => Describe(org, repo, p))));
        api.MapGet("/{number:long}", (HttpContext context, string org, string repo, long number) =>
            pulls.Find(org, repo, number) is { } pull ? Results.Ok(Describe(org, repo, pull)) : GitApi.NotFound(context));
        api.MapPost("/{number:long}/merge", (HttpContext context, string org, string repo, long number) =>
            pulls.Find(org, repo, number) is not { } pull ? GitApi.NotFound(context)
            : pulls.Merge(org, repo, pull) ? Results.Ok()
            : GitApi.Error(context, StatusCodes.Status405MethodNotAllowed, "Please try again later"));
        api.MapPatch("/{number:long}", (HttpContext context, string org, string repo, long number, Change body) =>
        {
            if (pulls.Find(org, repo, number) is not { } pull)
            {
                return GitApi.NotFound(context);
            }

            pull.Open = body.State != "closed" && pull.Open;
            return Results.Json(Describe(org, repo, pull), statusCode: StatusCodes.Status201Created);
        });
    }

    private object Describe(string org, string repo, PullRequest pull) => new
    {
        number = pull.Number,
        title = pull.Title,
        body = pull.Body,
        state = pull.Open ? "open" : "closed",
        merged = pull.MergeCommit is not null,
        merge_commit_sha = pull.MergeCommit,
        html_url = $"{server.BaseUrl}/{org}/{repo}/pulls/{pull.Number}",
        head = new { @ref = pull.Head },
        @base = new { @ref = pull.Base },
    };
}
