using DevPlatform.ServiceDefaults;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Api.Hosting;

/// <summary>Refuses to start when an <c>/api</c> endpoint does not say who may call it (INV-14).</summary>
internal static class EndpointGuard
{
    /// <exception cref="StartupException">Names every endpoint that declares nothing.</exception>
    public static void Check(IEndpointRouteBuilder routes)
    {
        var undeclared = routes.DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(e => IsApi(e.RoutePattern.RawText) && e.Metadata.GetMetadata<EndpointPermission>() is null)
            .Select(e => e.DisplayName)
            .ToList();
        if (undeclared.Count > 0)
        {
            throw new StartupException(
                "every /api endpoint declares its permission with RequirePermission, RequireSignIn or AllowAnonymous(reason); "
                + $"these declare none: {string.Join(", ", undeclared)}");
        }
    }

    private static bool IsApi(string? pattern) => pattern?.TrimStart('/').StartsWith("api", StringComparison.OrdinalIgnoreCase) == true;
}
