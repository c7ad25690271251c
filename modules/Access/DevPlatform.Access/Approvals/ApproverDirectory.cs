using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Access.Approvals;

/// <summary>As what somebody may approve: by the roles that the Azure AD ceiling leaves, and as lead of the teams they are in.</summary>
internal sealed class ApproverDirectory(IPermissionEvaluator permissions)
{
    public string[] KeysOf(Caller caller) => [.. Audiences.Of(caller, permissions.EffectiveRoles(caller))];
}
