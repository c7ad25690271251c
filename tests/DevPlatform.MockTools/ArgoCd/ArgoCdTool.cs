using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>Argo CD: applications are custom resources of the cluster, their manifests plain directories in Git repositories.</summary>
internal sealed class ArgoCdTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ArgoCdOptions.From(builder.Configuration));
        builder.Services.AddSingleton(ClusterClient.From(builder.Configuration, "argocd-controller"));
        builder.Services.AddSingleton<GitSource>();
        builder.Services.AddSingleton<Comparison>();
        builder.Services.AddSingleton<SyncOperation>();
        builder.Services.AddSingleton<ApplicationReconciler>();
        builder.Services.AddSingleton<ApplicationController>();
        builder.Services.AddSingleton<ResourceTree>();
        builder.Services.AddSingleton<ArgoCdSessions>();
        builder.Services.AddSingleton<ArgoCdApi>();
        builder.Services.AddSingleton<Webhook>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ApplicationController>());
    }

    public void Map(WebApplication app)
    {
        app.Services.GetRequiredService<ArgoCdApi>().Map(app);
        app.Services.GetRequiredService<Webhook>().Map(app);
    }
}
