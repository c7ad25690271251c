using DevPlatform.Access.Contracts;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;

namespace DevPlatform.Identity.PermissionApi;

/// <summary>The permissions with fixed names of all modules.</summary>
internal static class KnownPermissions
{
    public static readonly IReadOnlyList<Permission> All =
    [
        .. IdentityPermissions.All, .. CatalogPermissions.All, .. ScaffolderPermissions.All, .. AccessPermissions.All, .. IntegrationsPermissions.All,
    ];
}
