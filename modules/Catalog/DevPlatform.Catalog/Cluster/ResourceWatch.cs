using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Catalog.Cluster;

/// <summary>A kind of object, as the Kubernetes API addresses it.</summary>
internal sealed record WatchedKind(string Group, string Version, string Plural, string? LabelSelector = null)
{
    public override string ToString() => $"{Plural}.{Group}";
}

/// <summary>
/// Follows all objects of a kind: list, then watch from the list's version; after a disconnect go on from the last version seen; when that is too
/// old, list again.
/// </summary>
internal sealed class ResourceWatch(k8s.Kubernetes client, WatchedKind kind, TimeProvider time, ILogger logger)
{
    private const int WatchSeconds = 300;
    private const int MaxFailures = 3;
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(30);

    /// <summary>Runs until cancelled, or until the database is lost.</summary>
    /// <param name="listed">Called with all objects there are; others are gone.</param>
    /// <param name="changed">Called with one object that was added, changed or (true) deleted.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RunAsync(Func<IReadOnlyList<JsonElement>, Task> listed, Func<JsonElement, bool, Task> changed, CancellationToken cancellationToken)
    {
        var failures = 0;
        string? version = null;
        while (true)
        {
            try
            {
                version ??= await ListAsync(listed, cancellationToken);
                await foreach (var (type, item) in EventsAsync(version, cancellationToken))
                {
                    version = item.GetProperty("metadata").GetProperty("resourceVersion").GetString();
                    failures = 0;
                    if (type is WatchEventType.Added or WatchEventType.Modified or WatchEventType.Deleted)
                    {
                        await changed(item, type == WatchEventType.Deleted);
                    }
                }

                // The server ends watches from time to time: go on where it ended.
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
            catch (Exception e) when (IsExpired(e))
            {
                version = null;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not NpgsqlException)
            {
                failures++;
                version = failures > MaxFailures ? null : version;
                var wait = TimeSpan.FromSeconds(Math.Min(MaxBackOff.TotalSeconds, Math.Pow(2, failures - 1)) * (0.5 + Random.Shared.NextDouble()));
                logger.LogWarning("Watching {Resource} failed and will be tried again in {Wait}: {Reason}", kind, wait, e.Message);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    private async Task<string> ListAsync(Func<IReadOnlyList<JsonElement>, Task> listed, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ListTimeout);
        var list = await client.CustomObjects.ListCustomObjectForAllNamespacesAsync<JsonElement>(
            kind.Group, kind.Version, kind.Plural, labelSelector: kind.LabelSelector, cancellationToken: deadline.Token);
        await listed([.. list.GetProperty("items").EnumerateArray()]);
        return list.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
    }

    private async IAsyncEnumerable<(WatchEventType Type, JsonElement Item)> EventsAsync(string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A connection that died without a word ends here.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(WatchSeconds + 30));
        Exception? failure = null;
        var events = client.CustomObjects.WatchListCustomObjectForAllNamespacesAsync(
            kind.Group, kind.Version, kind.Plural, allowWatchBookmarks: true, labelSelector: kind.LabelSelector, resourceVersion: version, timeoutSeconds: WatchSeconds,
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

    private static bool IsExpired(Exception e) => e switch
    {
        HttpOperationException http => http.Response?.StatusCode == HttpStatusCode.Gone,
        KubernetesException kubernetes => kubernetes.Status?.Code == (int)HttpStatusCode.Gone,
        _ => false,
    };
}
