using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>The part of Gitea's REST API that discovers, creates and reads repositories.</summary>
internal sealed class GitApi(GitRepositories repositories, GitAccounts accounts, GitServer server, GitFiles files)
{
    /// <summary>What creates a repository: <c>POST /api/v1/repos</c>, or <c>POST /api/v1/orgs/{org}/repos</c> without <c>org</c>.</summary>
    internal sealed record NewRepository(string? Org, string? Name);

    public static IResult Error(HttpContext context, int status, string message) =>
        Results.Json(new { message, url = $"{context.Request.Scheme}://{context.Request.Host}/api/swagger" }, statusCode: status);

    public static IResult NotFound(HttpContext context) => Error(context, StatusCodes.Status404NotFound, "The target couldn't be found.");

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1").AddEndpointFilter(async (call, next) =>
            accounts.Refuse(call.HttpContext, write: call.HttpContext.Request.Method == "POST") ?? await next(call));
        api.MapPost("/repos", (HttpContext context, NewRepository body) => Create(context, body.Org ?? "", body.Name ?? ""));
        api.MapPost("/orgs/{org}/repos", (HttpContext context, string org, NewRepository body) => Create(context, org, body.Name ?? ""));
        api.MapGet("/orgs/{org}/repos", (HttpContext context, string org, int? page, int? limit) => List(context, org, page, limit));
        api.MapGet("/repos/search", (HttpContext context, int? page, int? limit) => List(context, null, page, limit));
        api.MapGet("/repos/{org}/{repo}", (HttpContext context, string org, string repo) =>
            repositories.Exists(org, repo) ? Results.Ok(Describe(org, repo)) : NotFound(context));
        api.MapGet("/repos/{org}/{repo}/git/trees/{**reference}", Tree);
        api.MapGet("/repos/{org}/{repo}/raw/{**path}", (HttpContext context, string org, string repo, string path, string? @ref) =>
            files.Raw(context, org, repo, $"{@ref ?? GitRepositories.DefaultBranch}/{path}"));
    }

    private IResult Create(HttpContext context, string org, string name)
    {
        if (!GitRepositories.IsName(org) || !GitRepositories.IsName(name))
        {
            var (field, found) = GitRepositories.IsName(org) ? ("name", name) : ("org", org);
            return Error(context, StatusCodes.Status422UnprocessableEntity, $"[{field}]: '{found}'; allowed: letters, digits, '.', '_', '-', at most 100, beginning with a letter or digit");
        }

        return repositories.Create(org, name)
            ? Results.Json(Describe(org, name), statusCode: StatusCodes.Status201Created)
            : Error(context, StatusCodes.Status409Conflict, $"The repository with the same name already exists. [uname: {org}, name: {name}]");
    }

    private IResult List(HttpContext context, string? org, int? page, int? limit)
    {
        var size = Math.Clamp(limit ?? 30, 1, 50);
        var all = repositories.List().Where(r => org is null || r.Org == org).ToArray();
        if (org is not null && all.Length == 0)
        {
            return NotFound(context);
        }

        context.Response.Headers["X-Total-Count"] = all.Length.ToString();
        var items = all.Skip((Math.Max(page ?? 1, 1) - 1) * size).Take(size).Select(r => Describe(r.Org, r.Repo)).ToArray();
        return org is null ? Results.Ok(new { ok = true, data = items }) : Results.Ok(items);
    }

    private IResult Tree(HttpContext context, string org, string repo, string reference, string? recursive)
    {
        using var repository = repositories.Open(org, repo);
        if (repository is null || GitTrees.Resolve(repository, reference) is not { } commit)
        {
            return NotFound(context);
        }

        var url = $"{server.BaseUrl}/api/v1/repos/{org}/{repo}/git";
        var entries = (recursive is "true" or "1" ? GitTrees.Walk(commit.Tree) : commit.Tree).Select(e => new
        {
            path = e.Path.Replace('\\', '/'),
            mode = Convert.ToString((int)e.Mode, 8).PadLeft(6, '0'),
            type = e.TargetType.ToString().ToLowerInvariant(),
            size = e.Target is Blob blob ? blob.Size : 0,
            sha = e.Target.Sha,
            url = $"{url}/{e.TargetType.ToString().ToLowerInvariant()}s/{e.Target.Sha}",
        }).ToArray();
        return Results.Ok(new { sha = commit.Sha, url = $"{url}/trees/{commit.Sha}", tree = entries, truncated = false, page = 1, total_count = entries.Length });
    }

    private object Describe(string org, string repo)
    {
        using var repository = repositories.Open(org, repo)!;
        var url = $"{server.BaseUrl}/{org}/{repo}";
        return new
        {
            name = repo,
            full_name = $"{org}/{repo}",
            owner = new { login = org, username = org },
            empty = !repository.Branches.Any(),
            html_url = url,
            clone_url = url + ".git",
            default_branch = GitRepositories.DefaultBranch,
            archived = false,
        };
    }
}
