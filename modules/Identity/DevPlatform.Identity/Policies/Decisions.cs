using System.Collections.Concurrent;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Identity.Policies;

/// <summary>Decisions with their reasons in words.</summary>
internal static class Decisions
{
    private static readonly ConcurrentDictionary<string, PermissionDecision> Allows = new(StringComparer.Ordinal);

    /// <summary>One object per role of the policy: allowing allocates nothing.</summary>
    public static PermissionDecision AllowFor(string role) => Allows.GetOrAdd(role, static r =>
        new PermissionDecision(PermissionResult.Allow, r == Grant.AnyRole ? "everyone who is signed in may" : $"granted by role {r}"));

    public static PermissionDecision Deny(string reason) => new(PermissionResult.Deny, reason);

    public static string NoRoleText(Rules rules)
    {
        var roles = rules.Grants.SelectMany(g => g.Roles).Distinct().ToList();
        return roles.Count == 0 ? "no policy grants it" : $"it needs role {string.Join(" or ", roles)}";
    }

    public static string CeilingText(string what, IEnumerable<string> ceiling, Caller caller)
    {
        var text = $"{what} counts only with Azure AD group {string.Join(" or ", ceiling.Order())}, which the caller lacks";
        return caller.GroupsProblem is { } problem ? $"{text} ({problem})" : text;
    }
}
