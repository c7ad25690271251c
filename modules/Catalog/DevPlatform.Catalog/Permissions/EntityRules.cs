using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Catalog.Permissions;

/// <summary>The rules that conditional permissions on entities may have, as Backstage's catalog names them.</summary>
internal static class EntityRules
{
    public static readonly IReadOnlyList<RuleDescription> All =
    [
        new("IS_ENTITY_KIND", "Allow entities matching a specified kind", CatalogPermissions.EntityResource, "kinds", IsList: true),
        new("IS_ENTITY_OWNER", "Allow entities owned by a specified claim", CatalogPermissions.EntityResource, "claims", IsList: true),
        new("HAS_ANNOTATION", "Allow entities with the specified annotation", CatalogPermissions.EntityResource, "annotation", "value"),
        new("HAS_LABEL", "Allow entities with the specified label", CatalogPermissions.EntityResource, "label", "value"),
        new("HAS_METADATA", "Allow entities with the specified metadata subfield", CatalogPermissions.EntityResource, "key", "value"),
        new("HAS_SPEC", "Allow entities with the specified spec subfield", CatalogPermissions.EntityResource, "key", "value"),
    ];

    /// <summary>The rule of that name, or null.</summary>
    public static RuleDescription? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);
}
