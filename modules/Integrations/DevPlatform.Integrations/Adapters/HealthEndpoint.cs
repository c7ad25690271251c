using DevPlatform.Integrations.Tools;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Adapters;

/// <summary>One tool in the whole picture.</summary>
/// <param name="Id">The tool.</param>
/// <param name="Name">Its name.</param>
/// <param name="Configured">Whether it has a URL.</param>
/// <param name="Credential">With whose authority its adapter calls it; null for tools that are only linked.</param>
/// <param name="Health">What the last probe found.</param>
public sealed record IntegrationHealth(string Id, string Name, bool Configured, AdapterCredential? Credential, ToolHealth Health);

internal static class HealthEndpoint
{
    public static void MapIntegrationHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/integrations/health", List).RequireSignIn("says only which tools work")
            .WithTags("Integrations").WithSummary("Which tools are configured, and whether they work");

    private static ToolList<IntegrationHealth> List(
        IEnumerable<Adapter> adapters, IOptionsMonitor<ToolLibraryOptions> library, ToolHealthMonitor health)
    {
        var byId = adapters.ToDictionary(a => a.Id);
        var tools = library.CurrentValue.Library.Select(t => new IntegrationHealth(
            t.Id, t.Name, t.Url is not null, byId.GetValueOrDefault(t.Id)?.Credential, health.Of(t.Id)));
        return new ToolList<IntegrationHealth>([.. tools.OrderBy(t => t.Id, StringComparer.Ordinal)]);
    }
}
