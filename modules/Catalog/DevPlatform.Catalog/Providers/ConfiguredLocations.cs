using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Providers;

/// <summary>The locations of <c>Catalog:Locations</c>.</summary>
internal sealed class ConfiguredLocations(IOptions<CatalogOptions> options) : ICatalogProvider
{
    public string Name => "configured";

    public async Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken)
    {
        await catalog.SetLocationsAsync(
            [.. options.Value.Locations.Select(location => new ProvidedLocation(location.Type == "file" ? LocationKind.File : LocationKind.Url, location.Target))], cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
