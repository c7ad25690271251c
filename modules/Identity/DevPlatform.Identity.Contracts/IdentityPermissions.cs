using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Identity.Contracts;

/// <summary>Permissions guarded by the Identity module.</summary>
public static class IdentityPermissions
{
    /// <summary>Read, verify and export the audit trail.</summary>
    public static readonly Permission AuditRead = new("audit.read", "read");

    /// <summary>Read the organization from Keycloak now.</summary>
    public static readonly Permission OrganizationSync = new("identity.organization.sync", "update");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Permission> All = [AuditRead, OrganizationSync];
}
