using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Access.Approvals;

/// <summary>As what somebody may approve: by the roles that the Azure AD ceiling leaves, and as lead of the teams they are in.</summary>
internal sealed class ApproverDirectory(IPermissionEvaluator permissions)
{
    private const string TeamLeadRole = "team-lead";

    public string[] KeysOf(Caller caller)
    {
        var roles = permissions.EffectiveRoles(caller);
        return
        [
            .. roles.Select(ApproverKeys.Role),
            .. roles.Contains(TeamLeadRole) ? caller.OwnershipRefs.Where(r => r != caller.UserRef).Select(ApproverKeys.LeadOf) : [],
        ];
    }
}
