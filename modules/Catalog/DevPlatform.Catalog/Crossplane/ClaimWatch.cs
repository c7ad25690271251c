using System.Text.Json;
using DevPlatform.Catalog.Cluster;
using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.Crossplane;

/// <summary>
/// Watches claims (and Kafka's topics and connectors) in the cluster and keeps their state on the Resources they belong to. Runs on one replica.
/// </summary>
internal sealed class ClaimWatch(
    NpgsqlDataSource dataSource, TimeProvider time, ILogger<ClaimWatch> logger, IServiceScopeFactory scopes, KubernetesCluster cluster, IOptions<CatalogOptions> options)
    : SingletonService(dataSource, time, logger)
{
    // What the shipped templates make (deploy/crossplane, deploy/kafka).
    private static readonly ClaimKindOptions[] Shipped =
    [
        .. new[] { "postgresqlinstances", "mongodbinstances", "clickhouseinstances", "redisinstances", "objectbuckets" }
            .Select(plural => new ClaimKindOptions { Group = "platform.devplatform.io", Version = "v1alpha1", Plural = plural }),
        .. new[] { "kafkatopics", "kafkaconnectors" }.Select(plural => new ClaimKindOptions { Group = "kafka.strimzi.io", Version = "v1beta2", Plural = plural }),
    ];

    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    protected override TimeSpan RetryInterval => TimeSpan.FromSeconds(2);

    protected override string LockName => "catalog:claim-watch";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (cluster.Client is not { } client)
        {
            _logger.LogInformation("No Kubernetes cluster is configured: claims are not watched");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return;
        }

        IEnumerable<ClaimKindOptions> kinds = options.Value.Crossplane.Claims.Count > 0 ? options.Value.Crossplane.Claims : Shipped;
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = kinds.Select(kind => WatchKindAsync(client, kind, first.Token)).ToList();
        // One that ends has failed in a way that its own retries do not cover: all start over.
        await Task.WhenAny(watches);
        await first.CancelAsync();
        await Task.WhenAll(watches);
    }

    private async Task WatchKindAsync(k8s.Kubernetes client, ClaimKindOptions kind, CancellationToken cancellationToken)
    {
        var known = await LoadAsync(kind, cancellationToken);
        await new ResourceWatch(client, new WatchedKind(kind.Group, kind.Version, kind.Plural), _time, _logger).RunAsync(
            items => ListedAsync(kind, known, items, cancellationToken),
            (item, deleted) => ApplyAsync(kind, known, [(item, deleted)], cancellationToken),
            cancellationToken);
    }

    private async Task ListedAsync(
        ClaimKindOptions kind, Dictionary<(string, string), ClaimRow> known, IReadOnlyList<JsonElement> items, CancellationToken cancellationToken)
    {
        var present = items.Select(KeyOf).ToHashSet();
        await ApplyAsync(kind, known, [.. items.Select(item => (item, false))], cancellationToken);
        await StoreAsync([], [.. known.Where(pair => !present.Contains(pair.Key)).Select(pair => pair.Value)], cancellationToken);
        foreach (var gone in known.Keys.Where(key => !present.Contains(key)).ToList())
        {
            known.Remove(gone);
        }
    }

    private async Task ApplyAsync(
        ClaimKindOptions kind, Dictionary<(string, string), ClaimRow> known, IReadOnlyList<(JsonElement Claim, bool Deleted)> events, CancellationToken cancellationToken)
    {
        var changed = new List<ClaimRow>();
        var gone = new List<ClaimRow>();
        foreach (var (claim, deleted) in events)
        {
            var key = KeyOf(claim);
            known.Remove(key, out var before);
            var now = deleted ? null : ClaimState.Read(Name(kind), claim, options.Value.Crossplane.EntityLabel, before);
            if (now is not null)
            {
                known[key] = now;
            }

            if (before is not null && before.EntityRef != now?.EntityRef)
            {
                gone.Add(before);
            }

            if (now is not null && !Same(before, now))
            {
                changed.Add(now);
            }
        }

        await StoreAsync(changed, gone, cancellationToken);
    }

    private async Task StoreAsync(List<ClaimRow> changed, List<ClaimRow> gone, CancellationToken cancellationToken)
    {
        if (changed.Count + gone.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CatalogWriter>().ApplyClaimsAsync(changed, gone, cancellationToken);
    }

    private async Task<Dictionary<(string, string), ClaimRow>> LoadAsync(ClaimKindOptions kind, CancellationToken cancellationToken)
    {
        var resource = Name(kind);
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Claims.AsNoTracking()
            .Where(c => c.Resource == resource).ToDictionaryAsync(c => (c.Namespace, c.Name), cancellationToken);
    }

    private static bool Same(ClaimRow? a, ClaimRow b) => a is not null
        && (a.EntityRef, a.State, a.Message, a.Environment, a.Size, a.Connection, a.Backup) == (b.EntityRef, b.State, b.Message, b.Environment, b.Size, b.Connection, b.Backup);

    private static (string Namespace, string Name) KeyOf(JsonElement claim)
    {
        var metadata = claim.GetProperty("metadata");
        return (metadata.GetProperty("namespace").GetString()!, metadata.GetProperty("name").GetString()!);
    }

    private static string Name(ClaimKindOptions kind) => $"{kind.Plural}.{kind.Group}";
}
