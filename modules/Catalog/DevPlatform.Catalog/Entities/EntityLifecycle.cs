namespace DevPlatform.Catalog.Entities;

/// <summary>
/// The states of an entity (RFC §5.6.3): it comes in as <see cref="Discovered"/> or <see cref="Registered"/>, becomes <see cref="Active"/>
/// when it has an owner, goes between that and <see cref="Orphaned"/>, and ends as <see cref="Deleted"/>.
/// </summary>
internal static class EntityLifecycle
{
    /// <summary>Found by looking: a repository scan, a watch of the cluster.</summary>
    public const string Discovered = "Discovered";

    /// <summary>Named by someone: a registered or configured location.</summary>
    public const string Registered = "Registered";

    public const string Active = "Active";

    /// <summary>Its owner is not in the catalog, or its source no longer has it.</summary>
    public const string Orphaned = "Orphaned";

    public const string Deleted = "Deleted";
}
