using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>The controllers of the miniature cluster: Crossplane with its providers, the External Secrets Operator, Strimzi's operators, deployments. No API of their own.</summary>
internal sealed class CrossplaneTool : IMockTool
{
    public void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(CrossplaneOptions.From(builder.Configuration));
        builder.Services.AddSingleton(ClusterClient.From(builder.Configuration, "crossplane"));
        builder.Services.AddSingleton<VaultClient>();
        builder.Services.AddSingleton<PostgresDatabases>();
        builder.Services.AddSingleton<PostgresProvider>();
        builder.Services.AddSingleton<VaultProvider>();
        builder.Services.AddSingleton<ClaimReconciler>();
        builder.Services.AddHostedService<ClaimController>();
        builder.Services.AddHostedService<ExternalSecrets>();
        builder.Services.AddHostedService<StrimziOperators>();
        builder.Services.AddHostedService<DeploymentController>();
    }

    public void Map(WebApplication app)
    {
        // /health is all there is.
    }
}
