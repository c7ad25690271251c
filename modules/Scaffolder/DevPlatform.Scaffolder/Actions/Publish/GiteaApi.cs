using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Publish;

/// <summary>A pull request as far as it matters here.</summary>
internal sealed record PullRequestState(long Number, string Url, bool IsOpen, bool IsMerged, string? MergeCommit);

/// <summary>What Git itself cannot do at the organization's own server (Gitea's API): make repositories, open pull requests. Its account is the platform's.</summary>
internal sealed class GiteaApi(IHttpClientFactory clients, IOptions<GitOptions> git, IConfiguration configuration)
{
    public const string HttpClientName = "scaffolder-gitea";

    private Uri? Server => (git.Value.Server ?? configuration["services:git:http:0"]) is { } url ? new Uri(url.TrimEnd('/') + "/") : null;

    public bool IsServerOf(string repoUrl) => Server is { } server && new Uri(repoUrl).Authority.Equals(server.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes a repository at the organization's server unless it is there; repositories elsewhere must exist.</summary>
    public async Task EnsureRepositoryAsync(string repoUrl, CancellationToken cancellationToken)
    {
        if (!IsServerOf(repoUrl))
        {
            return;
        }

        var (org, name) = Names(repoUrl);
        var (status, body) = await SendAsync(HttpMethod.Post, $"orgs/{org}/repos", new JsonObject { ["name"] = name, ["default_branch"] = "main" }, cancellationToken);
        if (status is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            throw Unexpected(status, body, $"make {org}/{name}");
        }
    }

    /// <summary>Opens a pull request, or finds the one that is there for the branch.</summary>
    public async Task<PullRequestState> OpenPullRequestAsync(string repoUrl, string head, string target, string title, string body, CancellationToken cancellationToken)
    {
        var (org, name) = Names(repoUrl);
        var (status, answer) = await SendAsync(
            HttpMethod.Post, $"repos/{org}/{name}/pulls", new JsonObject { ["head"] = head, ["base"] = target, ["title"] = title, ["body"] = body }, cancellationToken);
        if (status == HttpStatusCode.Created)
        {
            return Read(answer!);
        }

        if (status != HttpStatusCode.Conflict)
        {
            throw Unexpected(status, answer, $"open a pull request for {head}");
        }

        var (listed, pulls) = await SendAsync(HttpMethod.Get, $"repos/{org}/{name}/pulls?state=all&limit=50&sort=recentupdate", null, cancellationToken);
        return listed == HttpStatusCode.OK && (pulls as JsonArray)?.FirstOrDefault(p => p?["head"]?["ref"]?.ToString() == head) is { } found
            ? Read(found)
            : throw Unexpected(listed, pulls, $"find the pull request for {head}");
    }

    public async Task<PullRequestState> GetPullRequestAsync(string repoUrl, long number, CancellationToken cancellationToken)
    {
        var (org, name) = Names(repoUrl);
        var (status, body) = await SendAsync(HttpMethod.Get, $"repos/{org}/{name}/pulls/{number}", null, cancellationToken);
        return status == HttpStatusCode.OK ? Read(body!) : throw Unexpected(status, body, $"read pull request {number}");
    }

    private static PullRequestState Read(JsonNode pull) => new(
        pull["number"]!.GetValue<long>(), pull["html_url"]?.ToString() ?? "", pull["state"]?.ToString() == "open", pull["merged"]?.GetValue<bool>() == true,
        pull["merge_commit_sha"]?.ToString());

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(HttpClientName);
        using var request = new HttpRequestMessage(method, new Uri(Server!, $"api/v1/{path}"));
        if (git.Value.Username is { } user)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{git.Value.Password}")));
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
        }
        catch (HttpRequestException e)
        {
            throw new ServiceUnavailableException($"The Git server does not answer: {e.Message}", e);
        }
    }

    private static (string Org, string Name) Names(string repoUrl) =>
        new Uri(repoUrl).AbsolutePath.Trim('/').Split('/') is [var org, var name]
            ? (org, name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name)
            : throw InputException.For("repoUrl", repoUrl, "a clone URL <server>/<organization>/<repository>.git");

    private static ServiceUnavailableException Unexpected(HttpStatusCode status, JsonNode? body, string what) =>
        new($"The Git server would not {what}: {(int)status} {body?["message"]}");
}
