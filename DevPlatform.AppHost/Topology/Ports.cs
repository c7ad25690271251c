using Microsoft.Extensions.Configuration;

namespace DevPlatform.AppHost.Topology;

internal static class Ports
{
    /// <summary>The port configured for a resource, or null for any free one.</summary>
    public static int? Port(this IDistributedApplicationBuilder builder, string resource) => builder.Configuration.GetValue<int?>($"Ports:{resource}");
}
