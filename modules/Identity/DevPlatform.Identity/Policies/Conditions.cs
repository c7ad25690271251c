using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Identity.Policies;

/// <summary>The conditions of a grant that look at the resource.</summary>
internal static class Conditions
{
    private const string EntityResource = "catalog-entity";
    private const string TaskResource = "scaffolder-task";
    private const string EnvironmentLabel = "devplatform.io/environment";

    /// <summary>
    /// Null when all hold; else why not. Where the resource is not known well enough to tell, <paramref name="criteria"/> says what remains
    /// to be checked on it.
    /// </summary>
    public static string? Check(Grant grant, Caller caller, Permission permission, PermissionResource? resource, out PermissionCriteria? criteria)
    {
        criteria = null;
        PermissionCriteria? owner = null, environment = null;
        if (grant.Owner)
        {
            if (resource?.Owners is not { } owners)
            {
                owner = OwnerRule(caller, permission.ResourceType);
            }
            else if (!owners.Any(o => caller.OwnershipRefs.Contains(o, StringComparer.OrdinalIgnoreCase)))
            {
                return owners.Count == 0 ? "the resource has no owner" : $"it is for the owner, {string.Join(", ", owners)}";
            }
        }

        if (grant.Environments.Length > 0)
        {
            if (resource?.Environment is not { } found)
            {
                environment = EnvironmentRule(grant.Environments, permission.ResourceType);
            }
            else if (!grant.Environments.Contains(found, StringComparer.OrdinalIgnoreCase))
            {
                return $"it is for {string.Join(", ", grant.Environments)}, not for {found}";
            }
        }

        criteria = (owner, environment) switch
        {
            (null, _) => environment,
            (_, null) => owner,
            _ => new PermissionCriteria(AllOf: [owner, environment]),
        };
        return criteria is null ? null : "it depends on the resource";
    }

    private static PermissionCriteria OwnerRule(Caller caller, string? resourceType) => resourceType == TaskResource
        ? Rule("IS_TASK_OWNER", TaskResource, ("createdBy", [caller.UserRef]))
        : Rule("IS_ENTITY_OWNER", resourceType ?? EntityResource, ("claims", caller.OwnershipRefs));

    private static PermissionCriteria EnvironmentRule(string[] environments, string? resourceType)
    {
        var all = environments
            .Select(e => Rule("HAS_LABEL", resourceType ?? EntityResource, ("label", [EnvironmentLabel]), ("value", [e])))
            .ToList();
        return all is [var only] ? only : new PermissionCriteria(AnyOf: all);
    }

    private static PermissionCriteria Rule(string name, string resourceType, params (string Key, IReadOnlyList<string> Values)[] parameters) =>
        new(new PermissionRule(name, resourceType, parameters.ToDictionary(p => p.Key, p => p.Values)));
}
