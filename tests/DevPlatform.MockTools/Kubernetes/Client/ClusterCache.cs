using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Client;

/// <summary>A copy of all objects of one collection, kept up to date by list and watch for as long as it runs.</summary>
internal sealed class ClusterCache(ClusterClient cluster, string collection, Action changed, ILogger log)
{
    private readonly ConcurrentDictionary<(string Namespace, string Name), JsonObject> _objects = new();
    private volatile bool _synced;

    public IReadOnlyCollection<JsonObject> Objects => [.. _objects.Values];

    /// <summary>Whether the first list is in.</summary>
    public bool Synced => _synced;

    public JsonObject? Get(string @namespace, string name) => _objects.GetValueOrDefault((@namespace, name));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellationToken);
                await foreach (var (type, value) in cluster.WatchAsync(collection, version, cancellationToken))
                {
                    version = value.Text("metadata", "resourceVersion");
                    Take(type, value);
                }
            }
            catch (ClusterException error) when (error.Code == 410)
            {
                version = null;
            }
            catch (Exception error) when (error is HttpRequestException or IOException or ClusterException or OperationCanceledException)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                // After a lost connection the version may belong to a server that is gone: list again.
                version = null;
                log.LogWarning("Watching {Collection}: {Error}", collection, error.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var list = await cluster.ListAsync(collection, cancellationToken);
        var objects = list.Objects("items").Select(i => i.Copy()).ToDictionary(Key);
        foreach (var gone in _objects.Keys.Where(k => !objects.ContainsKey(k)))
        {
            _objects.TryRemove(gone, out _);
        }

        foreach (var (key, value) in objects)
        {
            _objects[key] = value;
        }

        _synced = true;
        changed();
        return list.Text("metadata", "resourceVersion")!;
    }

    private void Take(string type, JsonObject value)
    {
        if (type == "BOOKMARK")
        {
            return;
        }

        if (type == "DELETED")
        {
            _objects.TryRemove(Key(value), out _);
        }
        else
        {
            _objects[Key(value)] = value;
        }

        changed();
    }

    private static (string Namespace, string Name) Key(JsonObject value) => (value.Text("metadata", "namespace") ?? "", value.Text("metadata", "name")!);
}
