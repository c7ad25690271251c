using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;
using Octokit;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary>Clients for GitHub hosts: github.com and the Enterprise servers that are configured, each with its own token.</summary>
internal sealed class GitHubClients(IOptions<ScaffolderOptions> options)
{
    private const string PublicHost = "github.com";

    /// <summary>A client for a host, with the caller's token if there is one, else the platform's.</summary>
    /// <exception cref="InputException">The host is not configured.</exception>
    public IGitHubClient For(string host, string? token)
    {
        var configured = options.Value.GitHub.FirstOrDefault(h => h.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
        if (configured is null && !host.Equals(PublicHost, StringComparison.OrdinalIgnoreCase))
        {
            throw InputException.For("repoUrl", host, $"a GitHub host: {PublicHost} or one of Scaffolder:GitHub ({string.Join(", ", options.Value.GitHub.Select(h => h.Host))})");
        }

        var client = new GitHubClient(new ProductHeaderValue("DevPlatform"), configured?.ApiUrl ?? GitHubClient.GitHubApiUrl);
        if ((token ?? configured?.Token) is { Length: > 0 } credential)
        {
            client.Credentials = new Credentials(credential);
        }

        return client;
    }

    /// <summary>The token that pushes to a host go with; null for none.</summary>
    public string? TokenFor(string host) => options.Value.GitHub.FirstOrDefault(h => h.Host.Equals(host, StringComparison.OrdinalIgnoreCase))?.Token;

    /// <summary>Opens a pull request, or finds the one that is there for the branch.</summary>
    public Task<PullRequestState> OpenPullRequestAsync(RepositoryName name, string head, string target, string title, string body, bool draft, string? token) =>
        AskAsync(async () =>
        {
            var client = For(name.Host, token);
            var known = await client.PullRequest.GetAllForRepository(
                name.Owner, name.Name, new PullRequestRequest { Head = $"{name.Owner}:{head}", State = ItemStateFilter.All });
            return Read(known.FirstOrDefault(p => p.Head.Ref == head)
                ?? await client.PullRequest.Create(name.Owner, name.Name, new NewPullRequest(title, head, target) { Body = body, Draft = draft }));
        });

    public Task<PullRequestState> GetPullRequestAsync(RepositoryName name, int number) =>
        AskAsync(async () => Read(await For(name.Host, null).PullRequest.Get(name.Owner, name.Name, number)));

    /// <summary>Runs calls to GitHub; its errors become ours.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> calls)
    {
        try
        {
            return await calls();
        }
        catch (Octokit.NotFoundException e)
        {
            throw new DevPlatform.Shared.Errors.NotFoundException($"GitHub has no such thing, or the token may not see it: {e.Message}");
        }
        catch (ApiValidationException e)
        {
            throw new InputException($"GitHub refused it: {e.Message} {string.Join("; ", e.ApiError?.Errors?.Select(x => x.Message ?? $"{x.Field} {x.Code}") ?? [])}", e);
        }
        catch (ApiException e)
        {
            throw new ServiceUnavailableException($"GitHub: {(int)e.StatusCode} {e.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new ServiceUnavailableException($"GitHub does not answer: {e.Message}", e);
        }
    }

    private static PullRequestState Read(PullRequest pull) =>
        new(pull.Number, pull.HtmlUrl, pull.State.Value == ItemState.Open, pull.Merged, pull.MergeCommitSha);
}

/// <summary>A GitHub host (<c>Scaffolder:GitHub:0…</c>).</summary>
public sealed class GitHubHostOptions
{
    /// <summary><c>github.com</c>, or an Enterprise server's host.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its API; default for github.com only.</summary>
    public Uri? ApiUrl { get; set; }

    /// <summary>The platform's token there.</summary>
    public string? Token { get; set; }
}
