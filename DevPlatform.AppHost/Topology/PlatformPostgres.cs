#if EMBEDDED_ORCHESTRATOR
using DevPlatform.AppHost.Embedded;
#endif

namespace DevPlatform.AppHost.Topology;

internal static class PlatformPostgres
{
#if EMBEDDED_ORCHESTRATOR
    private const int UsualPort = 5432;

    /// <summary>A local PostgreSQL server. Unless a port is configured it takes the usual one, or a free one where that is taken.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPlatformPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password) =>
        builder.AddPostgres(name, password: password, port: builder.Port(name) ?? (PortAllocator.IsFree(UsualPort) ? UsualPort : null));
#else
    /// <summary>PostgreSQL in a container that keeps its data in a volume.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPlatformPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password) =>
        builder.AddPostgres(name, password: password, port: builder.Port(name)).WithImageTag("17").WithDataVolume();
#endif
}
