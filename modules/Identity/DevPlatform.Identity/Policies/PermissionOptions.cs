using DevPlatform.Shared.Configuration;

namespace DevPlatform.Identity.Policies;

/// <summary>
/// The policy: section <c>Permissions</c> over the shipped defaults (<c>default-policy.json</c>). A role or permission named in the
/// configuration replaces the default of the same name as a whole.
/// </summary>
internal sealed class PermissionOptions : ICheckedOptions
{
    public const string Section = "Permissions";

    /// <summary>By role: the Azure AD groups that cap it. A role that is not named here is capped by nothing.</summary>
    public Dictionary<string, RoleOptions> Roles { get; set; } = [];

    /// <summary>
    /// By permission name, in which one <c>*</c> may stand for any text (<c>tool.*.open</c>); of several that fit, the longest counts.
    /// <c>*</c> alone counts in addition to whichever fits.
    /// </summary>
    public Dictionary<string, PolicyOptions> Policies { get; set; } = [];

    /// <summary>Other names of permissions: <c>jit-access.request</c> → <c>access.request.create</c>.</summary>
    public Dictionary<string, string> Aliases { get; set; } = [];

    public IEnumerable<string> Problems(string section)
    {
        foreach (var (name, policy) in Policies)
        {
            if (name.Count(c => c == '*') > 1)
            {
                yield return SettingProblem.Of(section, $"Policies:{name}", name, "a permission name with at most one *");
            }

            for (var i = 0; i < policy.Allow.Count; i++)
            {
                foreach (var problem in policy.Allow[i].Problems($"{section}:Policies:{name}:Allow:{i}"))
                {
                    yield return problem;
                }
            }
        }
    }
}

/// <summary>What caps a role.</summary>
internal sealed class RoleOptions
{
    /// <summary>Azure AD groups, any of which lets the role count; absent or empty: undefined, the role counts.</summary>
    public List<string> Ceiling { get; set; } = [];
}

/// <summary>What grants a permission, and what caps it.</summary>
internal sealed class PolicyOptions
{
    /// <summary>Any of these grants it; none: nobody has it (but for policy <c>*</c>).</summary>
    public List<GrantOptions> Allow { get; set; } = [];

    /// <summary>Azure AD groups, one of which the caller needs whatever grants it; absent or empty: undefined.</summary>
    public List<string> Ceiling { get; set; } = [];
}

/// <summary>One way to be granted a permission: everything set here must hold.</summary>
internal sealed class GrantOptions
{
    /// <summary>Keycloak roles, any of; <c>*</c> is every signed-in caller.</summary>
    public List<string> Roles { get; set; } = [];

    /// <summary>The caller, or a group or team of the caller's, owns the resource.</summary>
    public bool Owner { get; set; }

    /// <summary>Teams, of any of which the caller is a member.</summary>
    public List<string> Teams { get; set; } = [];

    /// <summary>The resource's environment is one of these.</summary>
    public List<string> Environments { get; set; } = [];

    /// <summary>When it is granted; absent: always.</summary>
    public TimeWindowOptions? Hours { get; set; }

    public IEnumerable<string> Problems(string section)
    {
        if (Roles.Count == 0)
        {
            yield return SettingProblem.Of(section, nameof(Roles), null, "at least one Keycloak role, or *");
        }

        foreach (var problem in Hours?.Problems($"{section}:{nameof(Hours)}") ?? [])
        {
            yield return problem;
        }
    }
}

/// <summary>Hours of the week.</summary>
internal sealed class TimeWindowOptions
{
    /// <summary>From this time of day.</summary>
    public TimeOnly From { get; set; } = TimeOnly.MinValue;

    /// <summary>To this time of day (not included); before <see cref="From"/>: past midnight; equal to it: all day.</summary>
    public TimeOnly To { get; set; } = TimeOnly.MinValue;

    /// <summary>On these days; empty: every day.</summary>
    public List<DayOfWeek> Days { get; set; } = [];

    /// <summary>IANA time zone.</summary>
    public string TimeZone { get; set; } = "UTC";

    public IEnumerable<string> Problems(string section)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return SettingProblem.Of(section, nameof(TimeZone), TimeZone, "an IANA time zone such as Europe/Berlin");
        }
    }
}
