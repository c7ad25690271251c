using System.Collections.Frozen;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.Extensions.Options;

namespace DevPlatform.Identity.Policies;

/// <summary>
/// Decides from claims, policy, resource and time alone (INV-3). The gate is an AND: a Keycloak role grants only what the Azure AD groups
/// cap does not take away, be the cap on the role or on the permission; an undefined cap takes nothing away (CEILING).
/// </summary>
internal sealed class PermissionEvaluator : IPermissionEvaluator, IDisposable
{
    private readonly TimeProvider _time;
    private readonly IDisposable? _reload;
    private volatile Policy _policy;

    public PermissionEvaluator(IOptionsMonitor<PermissionOptions> options, TimeProvider time)
    {
        _time = time;
        _policy = new Policy(options.CurrentValue);
        _reload = options.OnChange(changed => _policy = new Policy(changed));
    }

    public PermissionDecision Evaluate(Caller caller, Permission permission, PermissionResource? resource = null)
    {
        var policy = _policy;
        var rules = policy.For(permission.Name);
        if (rules.Ceiling is { } ceiling && !ceiling.Overlaps(caller.Groups))
        {
            return Decisions.Deny(Decisions.CeilingText("the permission", ceiling, caller));
        }

        List<PermissionCriteria>? open = null;
        string? closest = null;
        foreach (var grant in rules.Grants)
        {
            if (RoleFor(policy, grant, caller, ref closest) is not { } role || !Holds(grant, caller, ref closest))
            {
                continue;
            }

            switch (Conditions.Check(grant, caller, permission, resource, out var criteria))
            {
                case null:
                    return Decisions.AllowFor(role);
                case var unmet when criteria is null:
                    closest = unmet;
                    break;
                default:
                    (open ??= []).Add(criteria!);
                    break;
            }
        }

        return open is null
            ? Decisions.Deny(closest ?? Decisions.NoRoleText(rules))
            : new PermissionDecision(PermissionResult.Conditional, "it depends on the resource", open is [var only] ? only : new PermissionCriteria(AnyOf: open));
    }

    public IReadOnlySet<string> EffectiveRoles(Caller caller)
    {
        var policy = _policy;
        return caller.Roles.Where(role => Counts(policy, role, caller)).ToFrozenSet(StringComparer.Ordinal);
    }

    public void Dispose() => _reload?.Dispose();

    /// <summary>The role by which the grant applies, or null.</summary>
    private static string? RoleFor(Policy policy, Grant grant, Caller caller, ref string? closest)
    {
        foreach (var role in grant.Roles)
        {
            if (role == Grant.AnyRole)
            {
                return role;
            }

            if (!caller.Roles.Contains(role))
            {
                continue;
            }

            if (Counts(policy, role, caller))
            {
                return role;
            }

            closest = Decisions.CeilingText($"role {role}", policy.CeilingOf(role)!, caller);
        }

        return null;
    }

    private static bool Counts(Policy policy, string role, Caller caller) => policy.CeilingOf(role) is not { } ceiling || ceiling.Overlaps(caller.Groups);

    private bool Holds(Grant grant, Caller caller, ref string? closest)
    {
        if (grant.Teams.Length > 0 && !caller.Teams.Any(grant.Teams.Contains))
        {
            closest = $"it is for members of {string.Join(", ", grant.Teams)}";
            return false;
        }

        if (grant.Hours is { } hours && !hours.Contains(_time.GetUtcNow()))
        {
            closest = $"it is allowed {hours}";
            return false;
        }

        return true;
    }
}
