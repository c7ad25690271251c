using DevPlatform.Identity.Contracts.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Shared.Permissions;

/// <summary>A rule that conditional permissions may have, as Backstage's plugins describe theirs.</summary>
/// <param name="Name">Name in conditions, e.g. <c>IS_ENTITY_OWNER</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="ResourceType">The type of the resources that it reads.</param>
/// <param name="Required">The parameter that it must have.</param>
/// <param name="Optional">The parameter that it may have.</param>
/// <param name="IsList">Whether the required parameter is a list of strings; else it is a string.</param>
public sealed record RuleDescription(string Name, string Description, string ResourceType, string Required, string? Optional = null, bool IsList = false)
{
    /// <summary>Names of its parameters.</summary>
    public IEnumerable<string> Parameters => Optional is null ? [Required] : [Required, Optional];
}

/// <summary><c>GET /.well-known/backstage/permissions/metadata</c> of a module, as Backstage's plugins answer it.</summary>
public static class PermissionMetadata
{
    /// <summary>Maps it, below the module's base path.</summary>
    public static void MapPermissionMetadata(this IEndpointRouteBuilder module, IReadOnlyList<Permission> permissions, IReadOnlyList<RuleDescription> rules) =>
        module.MapGet("/.well-known/backstage/permissions/metadata", () => Results.Ok(new { permissions = permissions.Select(Describe), rules = rules.Select(Describe) }))
            .RequireSignIn("names of permissions and rules are no secret among users")
            .WithSummary("Permissions that are guarded here, and the rules of their conditions");

    private static object Describe(Permission permission)
    {
        var attributes = permission.Action is null ? (object)new { } : new { action = permission.Action };
        return permission.ResourceType is null
            ? new { type = "basic", name = permission.Name, attributes }
            : new { type = "resource", name = permission.Name, attributes, resourceType = permission.ResourceType };
    }

    private static object Describe(RuleDescription rule) => new
    {
        name = rule.Name,
        description = rule.Description,
        resourceType = rule.ResourceType,
        paramsSchema = new Dictionary<string, object>
        {
            ["type"] = "object",
            ["properties"] = rule.Parameters.ToDictionary(
                name => name, name => rule.IsList && name == rule.Required ? (object)new { type = "array", items = new { type = "string" } } : new { type = "string" }),
            ["required"] = new[] { rule.Required },
            ["additionalProperties"] = false,
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
        },
    };
}
