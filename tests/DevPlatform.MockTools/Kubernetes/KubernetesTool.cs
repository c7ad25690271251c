using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Kubernetes.Api;
using DevPlatform.MockTools.Kubernetes.Objects;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes;

/// <summary>A Kubernetes API server that keeps any object and runs no controller but garbage collection and namespaces.</summary>
internal sealed class KubernetesTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(KubernetesOptions.From(builder.Configuration));
        builder.Services.AddSingleton<TypeRegistry>();
        builder.Services.AddSingleton<Discovery>();
        builder.Services.AddSingleton<ObjectStore>();
        builder.Services.AddSingleton<ObjectWriter>();
        builder.Services.AddSingleton<Users>();
        builder.Services.AddSingleton<WatchEndpoint>();
        builder.Services.AddSingleton<ResourceEndpoint>();
        builder.Services.AddSingleton<KubernetesApi>();
        builder.Services.AddHostedService<ClusterState>();
    }

    public void Map(WebApplication app) => app.Services.GetRequiredService<KubernetesApi>().Map(app);
}
