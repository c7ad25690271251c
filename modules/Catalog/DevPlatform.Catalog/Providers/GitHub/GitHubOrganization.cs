using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Octokit;

namespace DevPlatform.Catalog.Providers.GitHub;

/// <summary>
/// The repositories of an organization that hold catalog files. Steady cost: one conditional request per hundred repositories; what was pushed to
/// since is looked at for catalog files, and read only if it has some.
/// </summary>
internal sealed class GitHubOrganization(
    string login, GitHubApi api, IOptions<GitHubOptions> options, IOptions<CatalogOptions> catalogOptions, ILogger<GitHubOrganization> logger) : ICatalogProvider
{
    /// <summary>What names of these providers begin with.</summary>
    public const string Prefix = "github:";

    private static readonly ApiOptions Pages = new() { PageSize = 100 };

    // Lost with this process; then every repository is looked at once.
    private readonly Dictionary<long, (string Version, bool HasCatalog)> _known = [];

    public string Name => NameOf(login);

    /// <summary>Name of the provider of an organization, which GitHub finds in any case.</summary>
    public static string NameOf(string login) => Prefix + login.ToLowerInvariant();

    public async Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken)
    {
        while (true)
        {
            await catalog.SetLocationsAsync(await DiscoverAsync(cancellationToken), cancellationToken);
            await catalog.WaitAsync(options.Value.Interval, cancellationToken);
        }
    }

    private async Task<List<ProvidedLocation>> DiscoverAsync(CancellationToken cancellationToken)
    {
        var repositories = await api.CallAsync(login, client => client.Repository.GetAllForOrg(login, Pages), cancellationToken);
        var found = new List<ProvidedLocation>();
        foreach (var repository in repositories.Where(r => !r.Archived))
        {
            var version = $"{repository.PushedAt?.UtcTicks.ToString(CultureInfo.InvariantCulture)} {repository.DefaultBranch}";
            if (!_known.TryGetValue(repository.Id, out var known) || known.Version != version)
            {
                known = (version, await HasCatalogAsync(repository, cancellationToken));
                _known[repository.Id] = known;
            }

            if (known.HasCatalog)
            {
                found.Add(new ProvidedLocation(LocationKind.Repository, repository.CloneUrl, version));
            }
        }

        logger.LogDebug("{Login} has {Count} repositories, {Found} with catalog files", login, repositories.Count, found.Count);
        return found;
    }

    private async Task<bool> HasCatalogAsync(Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            var tree = await api.CallAsync(login, client => client.Git.Tree.GetRecursive(repository.Owner.Login, repository.Name, repository.DefaultBranch), cancellationToken);
            // Too many files to list: whether there is one shows in the clone.
            return tree.Truncated || tree.Tree.Any(item => item.Type.Value == TreeType.Blob && catalogOptions.Value.Git.IsCatalogFile(item.Path));
        }
        catch (ApiException e) when (e.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.Conflict)
        {
            // Nothing was pushed yet, or it has gone since it was listed.
            return false;
        }
    }
}
