using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Providers;

/// <summary>The repositories of <c>Catalog:Git:Repositories</c>, on any Git server.</summary>
internal sealed class GitRepositoriesProvider(IOptions<CatalogOptions> options) : ICatalogProvider
{
    public string Name => "git";

    public async Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken)
    {
        await catalog.SetLocationsAsync([.. options.Value.Git.Repositories.Select(url => new ProvidedLocation(LocationKind.Repository, url))], cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
