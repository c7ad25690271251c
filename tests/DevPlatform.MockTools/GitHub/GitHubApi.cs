using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevPlatform.MockTools.Git;
using LibGit2Sharp;

namespace DevPlatform.MockTools.GitHub;

/// <summary>The part of GitHub's REST API that discovery needs, at GitHub Enterprise's address <c>/api/v3</c>.</summary>
internal sealed class GitHubApi(GitRepositories repositories, GitServer server, GitHubOptions options, RateLimiter limiter, GitHubPublishing publishing, GitHubApps apps)
{
    public static IResult Error(int status, string message) =>
        Results.Json(new { message, documentation_url = "https://docs.github.com/rest", status = status.ToString() }, statusCode: status);

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v3").AddEndpointFilter(async (call, next) => Refuse(call.HttpContext) ?? limiter.Take(call.HttpContext) ?? await next(call));
        api.MapGet("/orgs/{org}/repos", (HttpContext context, string org, int? page, int? per_page) => List(context, org, page, per_page));
        api.MapPost("/orgs/{org}/repos", (string org, GitApi.NewRepository body) => Create(org, body.Name ?? ""));
        api.MapGet("/repos/{org}/{repo}", (HttpContext context, string org, string repo) =>
            With(org, repo, repository => Json(context, Describe(org, repo, repository))));
        api.MapGet("/repos/{org}/{repo}/git/trees/{**reference}", (HttpContext context, string org, string repo, string reference, string? recursive) =>
            With(org, repo, repository => Tree(context, org, repo, repository, reference, recursive is not null)));
        api.MapGet("/repos/{org}/{repo}/git/blobs/{sha}", (HttpContext context, string org, string repo, string sha) => With(org, repo, repository =>
            repository.Lookup<Blob>(sha) is { } blob
                ? Json(context, new { sha, size = blob.Size, encoding = "base64", content = Convert.ToBase64String(GitTrees.Bytes(blob), Base64FormattingOptions.InsertLineBreaks) })
                : NotFound()));
        publishing.Map(api);
        apps.Map(app);
        app.MapGet("/api/v3/rate_limit", limiter.State);
        app.MapGet("/__admin/settings", publishing.Settings);
        app.MapPost("/__admin/rate-limit", (RateLimiter.Limit limit) => limiter.Set(limit));
    }

    public static IResult NotFound() => Error(StatusCodes.Status404NotFound, "Not Found");

    private IResult? Refuse(HttpContext context)
    {
        if (context.Request.Headers.UserAgent.Count == 0)
        {
            return Error(StatusCodes.Status403Forbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
        }

        if (options.Token is null)
        {
            return null;
        }

        var known = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            && header.Scheme.ToUpperInvariant() is "TOKEN" or "BEARER"
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header?.Parameter ?? ""), Encoding.UTF8.GetBytes(options.Token));
        return known || apps.Allows(context.Request) ? null : Error(StatusCodes.Status401Unauthorized, "Bad credentials");
    }

    private IResult With(string org, string repo, Func<Repository, IResult> answer)
    {
        using var repository = repositories.Open(org, repo);
        return repository is null ? NotFound() : answer(repository);
    }

    private IResult List(HttpContext context, string org, int? page, int? perPage)
    {
        var all = repositories.List().Where(r => r.Org == org).ToArray();
        if (all.Length == 0)
        {
            return NotFound();
        }

        var (number, size) = (Math.Max(page ?? 1, 1), Math.Clamp(perPage ?? 30, 1, options.MaxPageSize));
        var last = (all.Length + size - 1) / size;
        if (last > 1)
        {
            var url = $"{server.BaseUrl}/api/v3/orgs/{org}/repos?per_page={size}&page=";
            var links = number < last ? $"<{url}{number + 1}>; rel=\"next\", <{url}{last}>; rel=\"last\"" : $"<{url}1>; rel=\"first\", <{url}{number - 1}>; rel=\"prev\"";
            context.Response.Headers.Link = links;
        }

        return Json(context, all.Skip((number - 1) * size).Take(size).Select(r =>
        {
            using var repository = repositories.Open(r.Org, r.Repo)!;
            return Describe(r.Org, r.Repo, repository);
        }).ToArray());
    }

    private IResult Create(string org, string name)
    {
        if (!GitRepositories.IsName(org) || !GitRepositories.IsName(name) || !repositories.Create(org, name))
        {
            return Error(StatusCodes.Status422UnprocessableEntity, "Repository creation failed.");
        }

        using var repository = repositories.Open(org, name)!;
        return Results.Json(Describe(org, name, repository), statusCode: StatusCodes.Status201Created);
    }

    private IResult Tree(HttpContext context, string org, string repo, Repository repository, string reference, bool recursive)
    {
        if (!repository.Branches.Any())
        {
            return Error(StatusCodes.Status409Conflict, "Git Repository is empty.");
        }

        if (GitTrees.Resolve(repository, reference) is not { } commit)
        {
            return NotFound();
        }

        var url = $"{server.BaseUrl}/api/v3/repos/{org}/{repo}/git";
        return Json(context, new
        {
            sha = commit.Tree.Sha,
            url = $"{url}/trees/{commit.Tree.Sha}",
            tree = (recursive ? GitTrees.Walk(commit.Tree) : commit.Tree).Select(entry => new
            {
                path = entry.Path.Replace('\\', '/'),
                mode = Convert.ToString((int)entry.Mode, 8).PadLeft(6, '0'),
                type = entry.TargetType == TreeEntryTargetType.GitLink ? "commit" : entry.TargetType.ToString().ToLowerInvariant(),
                sha = entry.Target.Sha,
                size = entry.Target is Blob blob ? blob.Size : 0,
                url = $"{url}/{entry.TargetType.ToString().ToLowerInvariant()}s/{entry.Target.Sha}",
            }).ToArray(),
            truncated = false,
        });
    }

    private object Describe(string org, string repo, Repository repository)
    {
        var url = $"{server.BaseUrl}/{org}/{repo}";
        // GitHub notes the push; here the newest thing that a push wrote says when that was.
        var pushed = Directory.EnumerateFileSystemEntries(Path.Combine(repository.Info.Path, "refs", "heads"), "*", SearchOption.AllDirectories)
            .Append(Path.Combine(repository.Info.Path, "HEAD")).Max(File.GetLastWriteTimeUtc);
        return new
        {
            id = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{org}/{repo}"))),
            node_id = $"R_{org}_{repo}",
            name = repo,
            full_name = $"{org}/{repo}",
            owner = new { login = org, id = 1, type = "Organization" },
            html_url = url,
            url = $"{server.BaseUrl}/api/v3/repos/{org}/{repo}",
            clone_url = url + ".git",
            default_branch = GitRepositories.DefaultBranch,
            @private = false,
            visibility = "public",
            fork = false,
            archived = repository.Config.Get<bool>("mock.archived")?.Value ?? false,
            topics = Array.Empty<string>(),
            size = 1,
            pushed_at = pushed,
            updated_at = pushed,
            created_at = Directory.GetCreationTimeUtc(repository.Info.Path),
        };
    }

    private IResult Json(HttpContext context, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            limiter.GiveBack(context);
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        return Results.Bytes(bytes, "application/json; charset=utf-8");
    }
}
