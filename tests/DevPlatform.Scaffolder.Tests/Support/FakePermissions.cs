using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>
/// A policy for tests: <c>auditor</c> sees every task and starts none, others see their own; the tag <c>admins</c> is for <c>admin</c>.
/// </summary>
internal sealed class FakePermissions : IPermissionEvaluator
{
    public PermissionDecision Evaluate(Caller caller, Permission permission, PermissionResource? resource = null)
    {
        if (resource?.Tags?.Contains("admins") == true && caller.Username != "admin")
        {
            return Deny("the tag admins needs the role admin");
        }

        if (permission == ScaffolderPermissions.TaskCreate || permission == ScaffolderPermissions.TaskCancel)
        {
            return caller.Username == "auditor" ? Deny("auditors only read") : Allow;
        }

        if (permission != ScaffolderPermissions.TaskRead || caller.Username is "auditor" or "admin")
        {
            return Allow;
        }

        if (resource?.Owners is { } owners)
        {
            return owners.Contains(caller.UserRef) ? Allow : Deny("only the owner reads a task");
        }

        var rule = new PermissionRule(
            "IS_TASK_OWNER", ScaffolderPermissions.TaskResource, new Dictionary<string, IReadOnlyList<string>> { ["createdBy"] = [caller.UserRef] });
        return new PermissionDecision(PermissionResult.Conditional, "own tasks", new PermissionCriteria(rule));
    }

    public IReadOnlySet<string> EffectiveRoles(Caller caller) => caller.Roles;

    private static readonly PermissionDecision Allow = new(PermissionResult.Allow, "allowed");

    private static PermissionDecision Deny(string reason) => new(PermissionResult.Deny, reason);
}
