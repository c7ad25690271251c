using DevPlatform.Shared.Configuration;
using k8s;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DevPlatform.Shared.Clusters;

/// <summary>The clusters that are configured.</summary>
public sealed class KubernetesClusters(IOptions<KubernetesOptions> options)
{
    /// <summary>The one whose workloads and claims are watched, or null where none is configured and this runs in none.</summary>
    public ClusterOptions? Watched =>
        options.Value.Server is not null || KubernetesClientConfiguration.IsInCluster() ? options.Value : null;

    /// <summary>All, the watched one first.</summary>
    public IReadOnlyList<ClusterOptions> All => [.. Watched is { } watched ? [watched] : Array.Empty<ClusterOptions>(), .. options.Value.Others];

    /// <summary>What a client of the cluster needs; each call makes one of its own, to be changed at will.</summary>
    public static KubernetesClientConfiguration ClientSettings(ClusterOptions cluster)
    {
        if (cluster.Server is null)
        {
            return KubernetesClientConfiguration.InClusterConfig();
        }

        var settings = new KubernetesClientConfiguration { Host = cluster.Server, AccessToken = cluster.Token };
        if (cluster.CertificateAuthority is { } file)
        {
            settings.SslCaCerts = [];
            settings.SslCaCerts.ImportFromPemFile(file);
        }

        return settings;
    }
}

/// <summary>Registration of <see cref="KubernetesClusters"/>.</summary>
public static class KubernetesClustersExtensions
{
    /// <summary>Adds the clusters of section <c>Kubernetes</c>. Every module that reads one may call it.</summary>
    public static IServiceCollection AddKubernetesClusters(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(KubernetesClusters)))
        {
            return services;
        }

        services.AddModuleOptions<KubernetesOptions>(KubernetesOptions.Section)
            .PostConfigure<IConfiguration>((options, configuration) => options.Server = new[]
            {
                options.Server, configuration["services:kubernetes:http:0"], configuration["services:kubernetes:https:0"],
            }.FirstOrDefault(server => !string.IsNullOrEmpty(server)));
        services.AddSingleton<KubernetesClusters>();
        return services;
    }
}
