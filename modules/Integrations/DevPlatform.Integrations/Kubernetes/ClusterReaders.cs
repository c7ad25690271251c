using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>The readers of all configured clusters.</summary>
internal sealed class ClusterReaders(KubernetesClusters clusters, IOptions<KubernetesReadOptions> options, TimeProvider time) : IDisposable
{
    private readonly Lazy<IReadOnlyList<ClusterReader>> _readers = new(
        () => [.. clusters.All.Select(cluster => new ClusterReader(cluster, options.Value, time))]);

    /// <summary>All, in the order of the configuration; none where no cluster is configured.</summary>
    public IReadOnlyList<ClusterReader> All => _readers.Value;

    /// <summary>The one of that name; without a name, the only one.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public ClusterReader Find(string? name) =>
        (string.IsNullOrEmpty(name) ? All is [var only] ? only : null : All.FirstOrDefault(reader => reader.Cluster.Name == name))
        ?? throw new NotFoundException($"No cluster \"{name}\"; there are: {string.Join(", ", All.Select(reader => reader.Cluster.Name).DefaultIfEmpty("none"))}");

    /// <inheritdoc />
    public void Dispose()
    {
        if (_readers.IsValueCreated)
        {
            foreach (var reader in _readers.Value)
            {
                reader.Dispose();
            }
        }
    }
}
