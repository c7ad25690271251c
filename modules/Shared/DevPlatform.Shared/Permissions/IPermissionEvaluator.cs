using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Shared.Permissions;

/// <summary>
/// Decides permissions from claims and policy; implemented by Identity. A pure function of (claims, permission, resource, time): no
/// database query (spec: identity, Permissions).
/// </summary>
public interface IPermissionEvaluator
{
    /// <summary>
    /// Decides one permission. With <paramref name="resource"/> null, or lacking what a condition reads, the answer may be conditional.
    /// </summary>
    PermissionDecision Evaluate(Caller caller, Permission permission, PermissionResource? resource = null);

    /// <summary>
    /// The caller's roles that count: those whose Azure AD ceiling the caller's groups meet. What is judged by role (who may approve) is
    /// judged by these, never by <see cref="Caller.Roles"/>.
    /// </summary>
    IReadOnlySet<string> EffectiveRoles(Caller caller);
}
