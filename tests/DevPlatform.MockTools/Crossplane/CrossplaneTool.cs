using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>The operators of the miniature cluster: Crossplane with its providers, and the External Secrets Operator. No API of their own.</summary>
internal sealed class CrossplaneTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(CrossplaneOptions.From(builder.Configuration));
        builder.Services.AddSingleton(ClusterClient.From(builder.Configuration, "crossplane"));
        builder.Services.AddSingleton<VaultClient>();
        builder.Services.AddSingleton<PostgresDatabases>();
        builder.Services.AddSingleton<PostgresProvider>();
        builder.Services.AddSingleton<ClaimReconciler>();
        builder.Services.AddHostedService<ClaimController>();
        builder.Services.AddHostedService<ExternalSecrets>();
    }

    public void Map(WebApplication app)
    {
        // /health is all there is.
    }
}
