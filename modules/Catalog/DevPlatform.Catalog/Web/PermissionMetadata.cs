using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Web;

/// <summary>The catalog's permissions and rules, as Backstage's plugins describe theirs.</summary>
internal static class PermissionMetadata
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/.well-known/backstage/permissions/metadata", () => Results.Ok(new
    {
        permissions = CatalogPermissions.All.Select(permission => permission.ResourceType is null
            ? (object)new { type = "basic", name = permission.Name, attributes = Attributes(permission.Action) }
            : new { type = "resource", name = permission.Name, attributes = Attributes(permission.Action), resourceType = permission.ResourceType }),
        rules = new[]
            {
                Rule("IS_ENTITY_KIND", "Allow entities matching a specified kind", ["kinds"], list: true),
                Rule("IS_ENTITY_OWNER", "Allow entities owned by a specified claim", ["claims"], list: true),
                Rule("HAS_ANNOTATION", "Allow entities with the specified annotation", ["annotation", "value"]),
                Rule("HAS_LABEL", "Allow entities with the specified label", ["label", "value"]),
                Rule("HAS_METADATA", "Allow entities with the specified metadata subfield", ["key", "value"]),
                Rule("HAS_SPEC", "Allow entities with the specified spec subfield", ["key", "value"]),
            },
    }))
        .RequireSignIn("names of permissions and rules are no secret among users")
        .WithSummary("Permissions and rules of the catalog");

    private static object Attributes(string? action) => action is null ? new { } : new { action };

    private static object Rule(string name, string description, string[] parameters, bool list = false) => new
    {
        name,
        description,
        resourceType = CatalogPermissions.EntityResource,
        paramsSchema = new Dictionary<string, object>
        {
            ["type"] = "object",
            ["properties"] = parameters.ToDictionary(p => p, _ => list ? (object)new { type = "array", items = new { type = "string" } } : new { type = "string" }),
            ["required"] = parameters[..1],
            ["additionalProperties"] = false,
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
        },
    };
}
