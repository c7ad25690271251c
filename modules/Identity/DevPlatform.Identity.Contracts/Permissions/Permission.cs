namespace DevPlatform.Identity.Contracts.Permissions;

/// <summary>
/// Something that may be allowed or denied (RFC §8.3; Backstage's permission framework). Declared as a value in the Contracts of the module
/// that guards it.
/// </summary>
/// <param name="Name">Dotted name, as Backstage's where it has one: <c>catalog.entity.read</c>.</param>
/// <param name="Action"><c>create</c>, <c>read</c>, <c>update</c>, <c>delete</c>, <c>use</c>, or null.</param>
/// <param name="ResourceType">The kind of resource decided about (<c>catalog-entity</c>), or null for a basic permission.</param>
public sealed record Permission(string Name, string? Action = null, string? ResourceType = null)
{
    /// <inheritdoc />
    public override string ToString() => Name;
}
