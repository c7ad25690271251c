using DevPlatform.Scaffolder.Autocomplete;
using DevPlatform.Shared.Errors;
using Octokit;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary>Choices from GitHub, as the person sees them there: <c>repositoriesWithOwner</c>, <c>repositories</c>, <c>branches</c>, <c>labels</c>.</summary>
internal sealed class GitHubAutocomplete(GitHubClients clients) : IAutocompleteProvider
{
    private static readonly ApiOptions OnePage = new() { PageSize = 100, PageCount = 1 };

    public string Id => "github";

    public Task<IReadOnlyList<Suggestion>> CompleteAsync(string resource, string token, IReadOnlyDictionary<string, string> context, CancellationToken cancellationToken)
    {
        var client = clients.For(context.GetValueOrDefault("host", "github.com"), token);
        return GitHubClients.AskAsync<IReadOnlyList<Suggestion>>(async () => resource switch
        {
            "repositoriesWithOwner" => [.. (await client.Repository.GetAllForCurrent(OnePage)).Select(r => new Suggestion(r.FullName))],
            "repositories" => [.. (await client.Repository.GetAllForOrg(Need("owner"), OnePage)).Select(r => new Suggestion(r.Name))],
            "branches" => [.. (await client.Repository.Branch.GetAll(Need("owner"), Need("repository"), OnePage)).Select(b => new Suggestion(b.Name))],
            "labels" => [.. (await client.Issue.Labels.GetAllForRepository(Need("owner"), Need("repository"), OnePage)).Select(l => new Suggestion(l.Name))],
            _ => throw InputException.For("resource", resource, "repositoriesWithOwner, repositories, branches, labels"),
        });

        string Need(string key) => context.GetValueOrDefault(key) is { Length: > 0 } value ? value : throw InputException.For($"context.{key}", null, "a name");
    }
}
