using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Storage;
using k8s;
using k8s.Autorest;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.Crossplane;

/// <summary>
/// Watches claims in the cluster and keeps their state on the Resources they belong to: list, then watch from the list's version; after a
/// disconnect go on from the last version seen; when that is too old, list again. Runs on one replica.
/// </summary>
internal sealed class ClaimWatch(
    NpgsqlDataSource dataSource, TimeProvider time, ILogger<ClaimWatch> logger, IServiceScopeFactory scopes, KubernetesCluster cluster, IOptions<CatalogOptions> options)
    : SingletonService(dataSource, time, logger)
{
    private const int WatchSeconds = 300;
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(30);
    private static readonly ClaimKindOptions PostgreSql = new() { Group = "platform.devplatform.io", Version = "v1alpha1", Plural = "postgresqlinstances" };

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

        var kinds = options.Value.Crossplane.Claims.Count > 0 ? options.Value.Crossplane.Claims : [PostgreSql];
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watches = kinds.Select(kind => WatchKindAsync(client, kind, first.Token)).ToList();
        // One that ends has failed in a way that its own retries do not cover: all start over.
        await Task.WhenAny(watches);
        await first.CancelAsync();
        await Task.WhenAll(watches);
    }

    private async Task WatchKindAsync(Kubernetes client, ClaimKindOptions kind, CancellationToken cancellationToken)
    {
        var failures = 0;
        string? version = null;
        var known = await LoadAsync(kind, cancellationToken);
        while (true)
        {
            try
            {
                version ??= await ListAsync(client, kind, known, cancellationToken);
                await foreach (var (type, claim) in EventsAsync(client, kind, version, cancellationToken))
                {
                    version = claim.GetProperty("metadata").GetProperty("resourceVersion").GetString();
                    failures = 0;
                    if (type is WatchEventType.Added or WatchEventType.Modified or WatchEventType.Deleted)
                    {
                        await ApplyAsync(kind, known, [(claim, type == WatchEventType.Deleted)], cancellationToken);
                    }
                }

                // The server ends watches from time to time: go on where it ended.
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, cancellationToken);
            }
            catch (Exception e) when (IsExpired(e))
            {
                version = null;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not NpgsqlException)
            {
                failures++;
                version = failures > 3 ? null : version;
                var wait = TimeSpan.FromSeconds(Math.Min(MaxBackOff.TotalSeconds, Math.Pow(2, failures - 1)) * (0.5 + Random.Shared.NextDouble()));
                _logger.LogWarning("Watching {Resource} failed and will be tried again in {Wait}: {Reason}", Name(kind), wait, e.Message);
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
    }

    private async Task<string> ListAsync(Kubernetes client, ClaimKindOptions kind, Dictionary<(string, string), ClaimRow> known, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ListTimeout);
        var list = await client.CustomObjects.ListCustomObjectForAllNamespacesAsync<JsonElement>(kind.Group, kind.Version, kind.Plural, cancellationToken: deadline.Token);
        var items = list.GetProperty("items").EnumerateArray().ToList();
        var present = items.Select(KeyOf).ToHashSet();
        await ApplyAsync(kind, known, [.. items.Select(item => (item, false))], cancellationToken);
        await StoreAsync([], [.. known.Where(pair => !present.Contains(pair.Key)).Select(pair => pair.Value)], cancellationToken);
        foreach (var gone in known.Keys.Where(key => !present.Contains(key)).ToList())
        {
            known.Remove(gone);
        }

        return list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
    }

    private static async IAsyncEnumerable<(WatchEventType Type, JsonElement Claim)> EventsAsync(
        Kubernetes client, ClaimKindOptions kind, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A connection that died without a word ends here.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(WatchSeconds + 30));
        Exception? failure = null;
        var events = client.CustomObjects.WatchListCustomObjectForAllNamespacesAsync(
            kind.Group, kind.Version, kind.Plural, allowWatchBookmarks: true, resourceVersion: version, timeoutSeconds: WatchSeconds,
            onError: e => failure = e, cancellationToken: deadline.Token);
        await foreach (var (type, item) in events)
        {
            yield return (type, (JsonElement)item);
        }

        if (failure is not null)
        {
            throw failure;
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

    private static bool IsExpired(Exception e) => e switch
    {
        HttpOperationException http => http.Response?.StatusCode == HttpStatusCode.Gone,
        KubernetesException kubernetes => kubernetes.Status?.Code == (int)HttpStatusCode.Gone,
        _ => false,
    };

    private static bool Same(ClaimRow? a, ClaimRow b) => a is not null
        && (a.EntityRef, a.State, a.Message, a.Environment, a.Size, a.Connection) == (b.EntityRef, b.State, b.Message, b.Environment, b.Size, b.Connection);

    private static (string Namespace, string Name) KeyOf(JsonElement claim)
    {
        var metadata = claim.GetProperty("metadata");
        return (metadata.GetProperty("namespace").GetString()!, metadata.GetProperty("name").GetString()!);
    }

    private static string Name(ClaimKindOptions kind) => $"{kind.Plural}.{kind.Group}";
}
