using System.Net;
using System.Text;
using LibGit2Sharp;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace DevPlatform.MockTools.Git;

/// <summary>
/// Single files over HTTP at Gitea's addresses: <c>/{org}/{repo}/raw/branch|tag|commit/{ref}/{path}</c> with an <c>ETag</c> (the blob's id), and
/// <c>/src/…</c>, the page a person is sent to.
/// </summary>
internal sealed class GitFiles(GitRepositories repositories, GitAccounts accounts)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public void Map(WebApplication app)
    {
        app.MapGet("/{org}/{repo}", (HttpContext context, string org, string repo) => Show(context, org, repo, GitRepositories.DefaultBranch));
        foreach (var kind in (string[])["branch", "tag", "commit"])
        {
            app.MapGet($"/{{org}}/{{repo}}/raw/{kind}/{{**rest}}", Raw);
            app.MapGet($"/{{org}}/{{repo}}/src/{kind}/{{**rest}}", Show);
        }
    }

    /// <summary>The file's bytes, whatever the address; shared with the API's <c>raw</c>.</summary>
    public IResult Raw(HttpContext context, string org, string repo, string rest)
    {
        if (accounts.Refuse(context, write: false) is { } refusal)
        {
            return refusal;
        }

        using var repository = repositories.Open(org, repo);
        if (repository is null || GitTrees.ResolveWithPath(repository, rest) is not var (commit, path) || commit[path]?.Target is not Blob blob)
        {
            return GitApi.NotFound(context);
        }

        // Scripts in a repository must not run with the server's origin: HTML and SVG are shown as text.
        var type = ContentTypes.TryGetContentType(path, out var known) && (known.StartsWith("image/") || known.StartsWith("application/pdf")) && !known.Contains("svg")
            ? known
            : blob.IsBinary ? "application/octet-stream" : "text/plain; charset=utf-8";
        context.Response.Headers["X-Content-Type-Options"] = "nosniff";
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.Bytes(GitTrees.Bytes(blob), type, lastModified: null, entityTag: new EntityTagHeaderValue($"\"{blob.Sha}\""));
    }

    private IResult Show(HttpContext context, string org, string repo, string rest)
    {
        if (accounts.Refuse(context, write: false) is { } refusal)
        {
            return refusal;
        }

        using var repository = repositories.Open(org, repo);
        if (repository is null || GitTrees.ResolveWithPath(repository, rest) is not var (commit, path))
        {
            return GitApi.NotFound(context);
        }

        path = path.Trim('/');
        var target = path.Length == 0 ? commit.Tree : commit[path]?.Target;
        var body = target switch
        {
            Blob { IsBinary: true } => "<p>binary file</p>",
            Blob blob => $"<pre>{WebUtility.HtmlEncode(Encoding.UTF8.GetString(GitTrees.Bytes(blob)))}</pre>",
            Tree tree => $"<ul>{string.Concat(tree.Select(e => $"<li><a href=\"{Link(e.Path)}\">{WebUtility.HtmlEncode(e.Name)}</a></li>"))}</ul>",
            _ => null,
        };
        var title = WebUtility.HtmlEncode($"{org}/{repo} {path}");
        return body is null
            ? GitApi.NotFound(context)
            : Results.Content($"<!doctype html><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{body}", "text/html; charset=utf-8");

        string Link(string entry) => WebUtility.HtmlEncode($"/{org}/{repo}/src/commit/{commit.Sha}/{string.Join('/', entry.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString))}");
    }
}
