using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Shared.Identity;

/// <summary>
/// Whom something concerns, as short texts that can be compared in the database: entity refs (of users, groups), roles (<c>role:dba-approver</c>)
/// and leads (<c>lead:group:default/team-orders</c>). Who that is, only each caller's token says: nobody keeps lists of people (INV-3).
/// </summary>
public static class Audiences
{
    /// <summary>Everyone who is signed in.</summary>
    public const string Everyone = "*";

    private const string TeamLeadRole = "team-lead";

    /// <summary>Whoever has an effective Keycloak role.</summary>
    public static string Role(string role) => $"role:{role}";

    /// <summary>Whoever leads what an owner owns.</summary>
    public static string LeadOf(string ownerRef) => $"lead:{ownerRef.ToLowerInvariant()}";

    /// <summary>Whoever has a permission without conditions. Only signals know them: what is kept would outlive the policy that it was kept under.</summary>
    public static string Holder(Permission permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return $"may:{permission.Name}";
    }

    /// <summary>Everything that a caller is, but for permissions.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="roles">Their roles that count: <c>IPermissionEvaluator.EffectiveRoles</c>.</param>
    public static IReadOnlySet<string> Of(Caller caller, IReadOnlySet<string> roles)
    {
        var leads = roles.Contains(TeamLeadRole) ? caller.OwnershipRefs.Where(owner => owner != caller.UserRef).Select(LeadOf) : [];
        return roles.Select(Role).Concat(leads).Concat(caller.OwnershipRefs).Append(Everyone).ToHashSet(StringComparer.Ordinal);
    }
}
