using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Permissions;

/// <summary>The catalog's permissions and rules, as Backstage's plugins describe theirs.</summary>
internal static class PermissionMetadata
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/.well-known/backstage/permissions/metadata", () => Results.Ok(new
    {
        permissions = CatalogPermissions.All.Select(permission => permission.ResourceType is null
            ? (object)new { type = "basic", name = permission.Name, attributes = Attributes(permission.Action) }
            : new { type = "resource", name = permission.Name, attributes = Attributes(permission.Action), resourceType = permission.ResourceType }),
        rules = EntityRule.All.Select(Describe),
    }))
        .RequireSignIn("names of permissions and rules are no secret among users")
        .WithSummary("Permissions and rules of the catalog");

    private static object Attributes(string? action) => action is null ? new { } : new { action };

    private static object Describe(EntityRule rule) => new
    {
        name = rule.Name,
        description = rule.Description,
        resourceType = CatalogPermissions.EntityResource,
        paramsSchema = new Dictionary<string, object>
        {
            ["type"] = "object",
            ["properties"] = rule.Parameters.ToDictionary(p => p, _ => rule.IsList ? (object)new { type = "array", items = new { type = "string" } } : new { type = "string" }),
            ["required"] = new[] { rule.Required },
            ["additionalProperties"] = false,
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
        },
    };
}
