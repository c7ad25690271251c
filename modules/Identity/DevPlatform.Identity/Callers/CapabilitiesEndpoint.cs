using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Identity.PermissionApi;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Identity.Callers;

/// <summary>What the caller may do.</summary>
/// <param name="EntityRef">On what, or null: in general.</param>
/// <param name="Permissions"><c>allow</c>, <c>deny</c>, or (only without an entity) <c>conditional</c>, by permission name; no reasons.</param>
internal sealed record Capabilities(string? EntityRef, IReadOnlyDictionary<string, string> Permissions);

/// <summary><c>GET /api/identity/capabilities</c>: what the portal shows follows from it (INV-2).</summary>
internal static class CapabilitiesEndpoint
{
    public static void Map(IEndpointRouteBuilder identity) => identity.MapGet("/capabilities", GetAsync)
        .RequireSignIn("it tells callers only about themselves")
        .WithSummary("Each permission with allow or deny for the caller")
        .WithDescription("entityRef: decide for this catalog entity; without it, what depends on the resource is \"conditional\".");

    private static async Task<Ok<Capabilities>> GetAsync(
        Caller caller, IPermissionEvaluator evaluator, IEnumerable<IPermissionResources> resources, CancellationToken cancellationToken, string? entityRef = null)
    {
        var entities = resources.Single(r => r.ResourceType == CatalogPermissions.EntityResource);
        var entity = entityRef is null ? null : await entities.FindAsync(entityRef, cancellationToken)
            ?? throw new NotFoundException($"No entity found for ref \"{entityRef}\"");
        return TypedResults.Ok(new Capabilities(
            entity?.ResourceRef,
            KnownPermissions.All.ToDictionary(p => p.Name, p => Decide(evaluator, caller, p, entity))));
    }

    private static string Decide(IPermissionEvaluator evaluator, Caller caller, Permission permission, PermissionResource? entity) =>
        evaluator.Evaluate(caller, permission, entity).Result switch
        {
            PermissionResult.Allow => "allow",
            PermissionResult.Conditional when entity is null => "conditional",
            _ => "deny",
        };
}
