namespace DevPlatform.Catalog.Permissions;

/// <summary>A rule that conditional permissions on entities may have, as Backstage's catalog names it.</summary>
/// <param name="Name">Name in conditions.</param>
/// <param name="Description">For people.</param>
/// <param name="Required">The parameter that it must have.</param>
/// <param name="Optional">The parameter that it may have.</param>
/// <param name="IsList">Whether the required parameter is a list of strings; else it is a string.</param>
internal sealed record EntityRule(string Name, string Description, string Required, string? Optional = null, bool IsList = false)
{
    public static readonly IReadOnlyList<EntityRule> All =
    [
        new("IS_ENTITY_KIND", "Allow entities matching a specified kind", "kinds", IsList: true),
        new("IS_ENTITY_OWNER", "Allow entities owned by a specified claim", "claims", IsList: true),
        new("HAS_ANNOTATION", "Allow entities with the specified annotation", "annotation", "value"),
        new("HAS_LABEL", "Allow entities with the specified label", "label", "value"),
        new("HAS_METADATA", "Allow entities with the specified metadata subfield", "key", "value"),
        new("HAS_SPEC", "Allow entities with the specified spec subfield", "key", "value"),
    ];

    /// <summary>Names of its parameters.</summary>
    public IEnumerable<string> Parameters => Optional is null ? [Required] : [Required, Optional];

    /// <summary>The rule of that name, or null.</summary>
    public static EntityRule? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);
}
