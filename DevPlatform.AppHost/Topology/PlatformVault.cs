#if EMBEDDED_ORCHESTRATOR
using DevPlatform.AppHost.Embedded;
#endif

namespace DevPlatform.AppHost.Topology;

internal static class PlatformVault
{
    private const string SetupFolder = "../deploy/vault";
#if !EMBEDDED_ORCHESTRATOR
    private const string Image = "hashicorp/vault";
    private const string Tag = "1.20";
#endif

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
        builder.AddExecutable(SetupOf(name), "sh", SetupFolder, "setup.sh")
            .WithEnvironment("VAULT_CLI", command)
            .WithEnvironment("VAULT_ADDR", vault.GetEndpoint("http"))
            .WithEnvironment("VAULT_TOKEN", rootToken)
            .WaitFor(vault);
        return vault
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", rootToken)
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", $"127.0.0.1:{vault.GetEndpoint("http").Property(EndpointProperty.Port)}")
            .WithHttpHealthCheck("/v1/sys/health")
            .WaitFor(postgres);
    }
#else
    /// <summary>Vault in a container, in development mode.</summary>
    public static IResourceBuilder<IResourceWithEndpoints> AddPlatformVault(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> rootToken, IResourceBuilder<PostgresServerResource> postgres)
    {
        var vault = builder.AddContainer(name, Image, Tag)
            .WithHttpEndpoint(port: builder.Port(name), targetPort: 8200, name: "http")
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", rootToken)
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", "0.0.0.0:8200")
            .WithHttpHealthCheck("/v1/sys/health")
            .WaitFor(postgres);
        builder.AddContainer(SetupOf(name), Image, Tag)
            .WithBindMount(SetupFolder, "/setup", isReadOnly: true)
            .WithEntrypoint("sh")
            .WithArgs("/setup/setup.sh")
            .WithEnvironment("VAULT_ADDR", vault.GetEndpoint("http"))
            .WithEnvironment("VAULT_TOKEN", rootToken)
            .WaitFor(vault);
        return vault;
    }
#endif

    /// <summary>Waits until <paramref name="vault"/> answers and, where it is a real one, has the engines and policies of <c>deploy/vault</c>; the mock is born with them.</summary>
    public static IResourceBuilder<T> WaitForVault<T>(this IResourceBuilder<T> resource, IResourceBuilder<IResourceWithEndpoints> vault)
        where T : IResourceWithWaitSupport
    {
        var builder = resource.ApplicationBuilder;
        resource.WaitFor(vault);
        return builder.Resources.FirstOrDefault(other => other.Name == SetupOf(vault.Resource.Name)) is { } setup
            ? resource.WaitForCompletion(builder.CreateResourceBuilder(setup))
            : resource;
    }

    private static string SetupOf(string vault) => $"{vault}-setup";
}
