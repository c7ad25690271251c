#if EMBEDDED_ORCHESTRATOR
using DevPlatform.AppHost.Embedded;
#endif

namespace DevPlatform.AppHost.Topology;

internal static class PlatformVault
{
#if EMBEDDED_ORCHESTRATOR
    /// <summary>A real <c>vault</c> or <c>bao</c> in development mode when one is on PATH, else the mock. Its database roles are made in <paramref name="postgres"/>.</summary>
    public static IResourceBuilder<IResourceWithEndpoints> AddPlatformVault(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> rootToken, IResourceBuilder<PostgresServerResource> postgres)
    {
        if ((Commands.Find("vault") ?? Commands.Find("bao")) is not { } command)
        {
            return builder.AddMockTool(name)
                .WithToolData("Vault__Data", "state.json")
                .WithEnvironment("Vault__RootToken", rootToken)
                .WithReference(postgres)
                .WaitFor(postgres);
        }

        var vault = builder.AddExecutable(name, command, builder.AppHostDirectory, "server", "-dev").WithHttpEndpoint(port: builder.Port(name), name: "http");
        return vault
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", rootToken)
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", $"127.0.0.1:{vault.GetEndpoint("http").Property(EndpointProperty.Port)}")
            .WithHttpHealthCheck("/v1/sys/health")
            .WaitFor(postgres);
    }
#else
    /// <summary>Vault in a container, in development mode.</summary>
    public static IResourceBuilder<IResourceWithEndpoints> AddPlatformVault(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> rootToken, IResourceBuilder<PostgresServerResource> postgres) =>
        builder.AddContainer(name, "hashicorp/vault", "1.20")
            .WithHttpEndpoint(port: builder.Port(name), targetPort: 8200, name: "http")
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", rootToken)
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", "0.0.0.0:8200")
            .WithHttpHealthCheck("/v1/sys/health")
            .WaitFor(postgres);
#endif
}
