using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Catalog.Contracts;

/// <summary>Permissions guarded by the Catalog module; names as Backstage's where it has one (RFC §8.3).</summary>
public static class CatalogPermissions
{
    /// <summary>The resource type of the entity permissions.</summary>
    public const string EntityResource = "catalog-entity";

    /// <summary>See an entity.</summary>
    public static readonly Permission EntityRead = new("catalog.entity.read", "read", EntityResource);

    /// <summary>Register entities.</summary>
    public static readonly Permission EntityCreate = new("catalog.entity.create", "create");

    /// <summary>Edit an entity's metadata (owners; RFC §5.3.3).</summary>
    public static readonly Permission EntityWrite = new("catalog.entity.write", "update", EntityResource);

    /// <summary>Give an entity to another owner.</summary>
    public static readonly Permission EntityTransfer = new("catalog.entity.transfer", "update", EntityResource);

    /// <summary>Remove an entity.</summary>
    public static readonly Permission EntityDelete = new("catalog.entity.delete", "delete", EntityResource);

    /// <summary>Have an entity read again from its source.</summary>
    public static readonly Permission EntityRefresh = new("catalog.entity.refresh", "update", EntityResource);

    /// <summary>Check an entity document without storing it.</summary>
    public static readonly Permission EntityValidate = new("catalog.entity.validate");

    /// <summary>List registered locations.</summary>
    public static readonly Permission LocationRead = new("catalog.location.read", "read");

    /// <summary>Register a location.</summary>
    public static readonly Permission LocationCreate = new("catalog.location.create", "create");

    /// <summary>Look at a location before registering it.</summary>
    public static readonly Permission LocationAnalyze = new("catalog.location.analyze");

    /// <summary>Remove a location and what came from it.</summary>
    public static readonly Permission LocationDelete = new("catalog.location.delete", "delete");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Permission> All =
    [
        EntityRead, EntityCreate, EntityWrite, EntityTransfer, EntityDelete, EntityRefresh, EntityValidate,
        LocationRead, LocationCreate, LocationAnalyze, LocationDelete,
    ];
}
