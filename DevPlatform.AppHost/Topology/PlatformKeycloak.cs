#if EMBEDDED_ORCHESTRATOR
using DevPlatform.AppHost.Embedded;
#endif

namespace DevPlatform.AppHost.Topology;

internal static class PlatformKeycloak
{
#if EMBEDDED_ORCHESTRATOR
    /// <summary>A real Keycloak when <c>KEYCLOAK_HOME</c> names one, else the mock identity provider; both read the same realm file.</summary>
    public static IResourceBuilder<IResourceWithEndpoints> AddPlatformKeycloak(
        this IDistributedApplicationBuilder builder, string name, string realm, EndpointReference portal,
        IResourceBuilder<ParameterResource> clientSecret, IResourceBuilder<ParameterResource> syncClientSecret)
    {
        var file = Path.GetFullPath(realm, builder.AppHostDirectory);
        var accounts = new StartNoteAnnotation(() => SignInAccounts.Describe(file));
        if (Environment.GetEnvironmentVariable("KEYCLOAK_HOME") is not { Length: > 0 } home)
        {
            return builder.AddMockTool(name)
                .WithToolFiles("Realm__Import", realm)
                .WithEnvironment("PORTAL_URL", portal)
                .WithEnvironment("DEVELOPER_PORTAL_CLIENT_SECRET", clientSecret)
                .WithEnvironment("DEVELOPER_PORTAL_SYNC_CLIENT_SECRET", syncClientSecret)
                .WithAnnotation(accounts);
        }

        var import = Path.Combine(home, "data", "import");
        Directory.CreateDirectory(import);
        File.Copy(file, Path.Combine(import, Path.GetFileName(file)), overwrite: true);
        var keycloak = builder.AddExecutable(name, Path.Combine(home, "bin", "kc.sh"), home, "start-dev", "--import-realm", "--http-host=localhost")
            .WithHttpEndpoint(port: builder.Port(name), name: "http", env: "KC_HTTP_PORT")
            .WithEndpoint(name: "management", scheme: "http", env: "KC_HTTP_MANAGEMENT_PORT")
            .WithEnvironment("KC_HEALTH_ENABLED", "true")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_USERNAME", "admin")
            .WithEnvironment("KC_BOOTSTRAP_ADMIN_PASSWORD", builder.AddParameter($"{name}-password", secret: true))
            .WithEnvironment("PORTAL_URL", portal)
            .WithEnvironment("DEVELOPER_PORTAL_CLIENT_SECRET", clientSecret)
            .WithEnvironment("DEVELOPER_PORTAL_SYNC_CLIENT_SECRET", syncClientSecret)
            .WithHttpHealthCheck("/health/ready", endpointName: "management");
        return keycloak.WithAnnotation(accounts);
    }
#else
    /// <summary>Keycloak in a container, with the realm imported on start.</summary>
    public static IResourceBuilder<IResourceWithEndpoints> AddPlatformKeycloak(
        this IDistributedApplicationBuilder builder, string name, string realm, EndpointReference portal,
        IResourceBuilder<ParameterResource> clientSecret, IResourceBuilder<ParameterResource> syncClientSecret) =>
        builder.AddKeycloak(name, port: builder.Port(name))
            .WithRealmImport(realm)
            // The address in the browser, which is not the one a container reaches the API at.
            .WithEnvironment("PORTAL_URL", "http://localhost:" + builder.Port(portal.Resource.Name))
            .WithEnvironment("DEVELOPER_PORTAL_CLIENT_SECRET", clientSecret)
            .WithEnvironment("DEVELOPER_PORTAL_SYNC_CLIENT_SECRET", syncClientSecret);
#endif
}
