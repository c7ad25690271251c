using DevPlatform.Shared.Clusters;

namespace DevPlatform.Catalog.Crossplane;

/// <summary>The client of the watched cluster.</summary>
internal sealed class KubernetesCluster(KubernetesClusters clusters) : IDisposable
{
    private k8s.Kubernetes? _client;

    /// <summary>What the cluster is called in annotations; empty where there is none.</summary>
    public string Name => clusters.Watched?.Name ?? "";

    /// <summary>Null where no cluster is configured and this runs in none.</summary>
    public k8s.Kubernetes? Client
    {
        get
        {
            if (_client is null && clusters.Watched is { } cluster)
            {
                var settings = KubernetesClusters.ClientSettings(cluster);
                // A watch is one long response; its pauses are no timeouts.
                settings.HttpClientTimeout = Timeout.InfiniteTimeSpan;
                _client = new k8s.Kubernetes(settings);
            }

            return _client;
        }
    }

    public void Dispose() => _client?.Dispose();
}
