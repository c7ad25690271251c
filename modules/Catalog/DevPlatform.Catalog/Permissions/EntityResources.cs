using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Catalog.Permissions;

/// <summary>Owners and environments of entities, from the read model.</summary>
internal sealed class EntityResources(ChangeFeed feed) : IPermissionResources
{
    public string ResourceType => CatalogPermissions.EntityResource;

    public async ValueTask<PermissionResource?> FindAsync(string resourceRef, CancellationToken cancellationToken)
    {
        if (!EntityRef.TryParse(resourceRef, out var parsed))
        {
            return null;
        }

        var index = await feed.ReadyAsync(cancellationToken);
        return index.Read(view => view.Find(parsed.ToString())) is { } entity ? EntityAccess.ResourceOf(entity.Ref, entity.Json) : null;
    }
}
