namespace DevPlatform.Identity.Contracts.Permissions;

/// <summary>How a permission was decided.</summary>
public enum PermissionResult
{
    /// <summary>The caller may not.</summary>
    Deny,

    /// <summary>The caller may.</summary>
    Allow,

    /// <summary>The caller may where <see cref="PermissionDecision.Conditions"/> hold for the resource.</summary>
    Conditional,
}

/// <summary>The answer to "may this caller do this?", with the reason in words for logs, the audit trail and 403 bodies.</summary>
/// <param name="Result">Allow, deny, or allow under conditions.</param>
/// <param name="Reason">Why, naming the role, group or condition that decided.</param>
/// <param name="Conditions">Only with <see cref="PermissionResult.Conditional"/>.</param>
public sealed record PermissionDecision(PermissionResult Result, string Reason, PermissionCriteria? Conditions = null)
{
    /// <summary>True when the answer is a plain allow.</summary>
    public bool IsAllowed => Result == PermissionResult.Allow;
}

/// <summary>
/// Conditions on a resource, in Backstage's shape: a rule, or <c>allOf</c>, <c>anyOf</c>, <c>not</c> of criteria. Exactly one member is set.
/// </summary>
/// <param name="Rule">A single rule.</param>
/// <param name="AllOf">All must hold.</param>
/// <param name="AnyOf">At least one must hold.</param>
/// <param name="Not">Must not hold.</param>
public sealed record PermissionCriteria(
    PermissionRule? Rule = null,
    IReadOnlyList<PermissionCriteria>? AllOf = null,
    IReadOnlyList<PermissionCriteria>? AnyOf = null,
    PermissionCriteria? Not = null);

/// <summary>One rule, such as <c>IS_ENTITY_OWNER</c> with <c>claims</c>.</summary>
/// <param name="Name">Backstage's rule name.</param>
/// <param name="ResourceType">The resource type that the rule reads.</param>
/// <param name="Parameters">Values by parameter name, e.g. <c>claims → [group:default/a]</c>.</param>
public sealed record PermissionRule(string Name, string ResourceType, IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters);

/// <summary>What is known about the resource when a permission is decided; unknown parts stay null and may make the answer conditional.</summary>
/// <param name="ResourceRef">Entity ref, task id or similar, for the reason text.</param>
/// <param name="Owners">Refs of the resource's owners, lower case.</param>
/// <param name="Environment">development, staging or production.</param>
/// <param name="Tags">Permission tags of the resource (a template's <c>backstage:permissions.tags</c>).</param>
public sealed record PermissionResource(
    string? ResourceRef = null,
    IReadOnlyCollection<string>? Owners = null,
    string? Environment = null,
    IReadOnlyCollection<string>? Tags = null);
