using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Providers;

/// <summary>Turns what a provider says into roots.</summary>
internal sealed class ProviderConnection(string provider, IServiceScopeFactory scopes, RefreshSignals signals, TimeProvider time) : ICatalogConnection
{
    public async Task SetLocationsAsync(IReadOnlyCollection<ProvidedLocation> locations, CancellationToken cancellationToken)
    {
        var wanted = locations.DistinctBy(Key).ToDictionary(Key, location => location.Version);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var present = await db.Roots.Where(r => r.Kind == provider && r.Type != RootType.Entities).ToDictionaryAsync(r => (r.Type, r.Target), cancellationToken);
        var now = time.GetUtcNow();
        foreach (var (key, version) in wanted)
        {
            if (!present.TryGetValue(key, out var root))
            {
                db.Roots.Add(new RootRow { Id = Guid.NewGuid(), Kind = provider, Type = key.Type, Target = key.Target, ProviderVersion = version });
            }
            else if (root.ProviderVersion != version)
            {
                (root.ProviderVersion, root.RefreshRequestedAt) = (version, now);
            }
        }

        if (await db.SaveChangesAsync(cancellationToken) > 0)
        {
            await db.SignalRefreshAsync(RefreshSignals.Requested, cancellationToken);
            await db.SignalRefreshAsync(RefreshSignals.Due, cancellationToken);
        }

        foreach (var gone in present.Where(pair => !wanted.ContainsKey(pair.Key)))
        {
            await using var removal = scopes.CreateAsyncScope();
            await removal.ServiceProvider.GetRequiredService<CatalogWriter>().RemoveRootAsync(gone.Value.Id, ChangeCause.Discovered(provider), cancellationToken);
        }
    }

    public async Task SetEntitiesAsync(string source, IReadOnlyCollection<JsonObject> entities, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ProvidedEntities>().SetAsync(provider, source, entities, cancellationToken);
    }

    public async Task SetAnnotationsAsync(
        string source, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> annotations, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CatalogWriter>().SetAnnotationsAsync(
            provider, source, annotations.ToDictionary(pair => pair.Key, pair => JsonSerializer.Serialize(pair.Value), StringComparer.Ordinal), cancellationToken);
    }

    public Task WaitAsync(TimeSpan interval, CancellationToken cancellationToken) => signals.WaitAsync(provider, interval, time, cancellationToken);

    private static (string Type, string Target) Key(ProvidedLocation location) => (
        location.Kind switch
        {
            LocationKind.File => "file",
            LocationKind.Repository => RootType.Repository,
            _ => "url",
        },
        location.Target);
}
