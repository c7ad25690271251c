using System.Collections.Concurrent;
using System.Text.Json;
using DevPlatform.Catalog.Crossplane;
using DevPlatform.Catalog.Providers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.Cluster;

/// <summary>
/// Watches labelled workloads: what runs an entity shows in its annotations, and a workload that names an owner is a Resource itself.
/// </summary>
internal sealed class KubernetesWorkloads(KubernetesCluster cluster, IOptions<CatalogOptions> options, TimeProvider time, ILogger<KubernetesWorkloads> logger) : ICatalogProvider
{
    private static readonly (string Kind, string Group, string Plural)[] Kinds =
    [
        ("Deployment", "apps", "deployments"), ("StatefulSet", "apps", "statefulsets"), ("DaemonSet", "apps", "daemonsets"), ("CronJob", "batch", "cronjobs"),
    ];

    // A rollout changes an object many times in a moment.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public string Name => "kubernetes";

    public async Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken)
    {
        if (cluster.Client is not { } client)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return;
        }

        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var seen = new SeenWorkloads(options.Value.Crossplane.EntityLabel);
        var label = options.Value.Crossplane.EntityLabel;
        var work = Kinds
            .SelectMany(kind => ((string[])[label, $"{Workload.IdLabel},!{label}"]).Select(selector => (kind.Kind, Watched: new WatchedKind(kind.Group, "v1", kind.Plural, selector))))
            .Select(pair => new ResourceWatch(client, pair.Watched, time, logger).RunAsync(
                items => seen.Listed(pair.Watched, pair.Kind, items), (item, deleted) => seen.Changed(pair.Watched, pair.Kind, item, deleted), all.Token))
            .ToList();
        work.Add(TellAsync(catalog, seen, work.Count, all.Token));
        await Task.WhenAny(work);
        await all.CancelAsync();
        await Task.WhenAll(work);
    }

    private async Task TellAsync(ICatalogConnection catalog, SeenWorkloads seen, int watches, CancellationToken cancellationToken)
    {
        while (true)
        {
            await seen.Dirty.WaitAsync(cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
            // Before all were listed, what is missing is not known to be gone.
            if (seen.Lists < watches)
            {
                continue;
            }

            var workloads = seen.All();
            var owned = workloads.Where(w => w.Owner is not null && w.EntityRef.Kind.Equals("resource", StringComparison.OrdinalIgnoreCase));
            await catalog.SetEntitiesAsync(cluster.Name, [.. owned.GroupBy(w => w.EntityRef).Select(group => Workload.ToResource([.. group]))], cancellationToken);
            await catalog.SetAnnotationsAsync(
                cluster.Name,
                workloads.GroupBy(w => w.EntityRef.ToString()).ToDictionary(
                    group => group.Key, IReadOnlyDictionary<string, string> (group) => Workload.Annotations(group, cluster.Name), StringComparer.Ordinal),
                cancellationToken);
        }
    }

    /// <summary>The workloads as the watches have seen them.</summary>
    private sealed class SeenWorkloads(string entityLabel)
    {
        private readonly ConcurrentDictionary<(WatchedKind Watch, string Key), Workload> _workloads = new();
        private readonly ConcurrentDictionary<WatchedKind, bool> _listed = new();

        /// <summary>Released when something changed.</summary>
        public SemaphoreSlim Dirty { get; } = new(0);

        /// <summary>How many of the watches have listed once.</summary>
        public int Lists => _listed.Count;

        public IReadOnlyList<Workload> All() => [.. _workloads.Values];

        public Task Listed(WatchedKind watch, string kind, IReadOnlyList<JsonElement> items)
        {
            var present = items.Select(Key).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _workloads.Keys.Where(key => key.Watch == watch && !present.Contains(key.Key)))
            {
                _workloads.TryRemove(gone, out _);
            }

            foreach (var item in items)
            {
                Store(watch, kind, item, deleted: false);
            }

            _listed[watch] = true;
            Dirty.Release();
            return Task.CompletedTask;
        }

        public Task Changed(WatchedKind watch, string kind, JsonElement item, bool deleted)
        {
            Store(watch, kind, item, deleted);
            Dirty.Release();
            return Task.CompletedTask;
        }

        private void Store(WatchedKind watch, string kind, JsonElement item, bool deleted)
        {
            if (!deleted && Workload.Read(kind, item, entityLabel) is { } workload)
            {
                _workloads[(watch, Key(item))] = workload;
            }
            else
            {
                _workloads.TryRemove((watch, Key(item)), out _);
            }
        }

        private static string Key(JsonElement item) =>
            $"{item.GetProperty("metadata").GetProperty("namespace").GetString()}/{item.GetProperty("metadata").GetProperty("name").GetString()}";
    }
}
