using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace DevPlatform.Identity.Policies;

/// <summary>The policy made ready for deciding: immutable, replaced as a whole when the configuration changes.</summary>
internal sealed class Policy
{
    /// <summary>Permission names come from requests too; beyond this many, they are looked up each time.</summary>
    private const int MaxRemembered = 4096;
    private readonly FrozenDictionary<string, FrozenSet<string>> _roleCeilings;
    private readonly FrozenDictionary<string, string> _aliases;
    private readonly FrozenDictionary<string, Rules> _exact;
    private readonly (string Prefix, string Suffix, Rules Rules)[] _patterns;
    private readonly ConcurrentDictionary<string, Rules> _byPermission = new(StringComparer.Ordinal);

    public Policy(PermissionOptions options)
    {
        _roleCeilings = options.Roles.Where(r => r.Value.Ceiling.Count > 0)
            .ToFrozenDictionary(r => r.Key, r => GroupSet(r.Value.Ceiling), StringComparer.Ordinal);
        _aliases = options.Aliases.ToFrozenDictionary(StringComparer.Ordinal);
        var everywhere = options.Policies.TryGetValue("*", out var all) ? all.Allow.Select(Grant.From).ToArray() : [];
        var policies = options.Policies.ToDictionary(
            p => p.Key,
            p => new Rules([.. p.Value.Allow.Select(Grant.From), .. p.Key == "*" ? [] : everywhere], p.Value.Ceiling.Count == 0 ? null : GroupSet(p.Value.Ceiling)));
        _exact = policies.Where(p => !p.Key.Contains('*', StringComparison.Ordinal)).ToFrozenDictionary(StringComparer.Ordinal);
        _patterns =
        [
            .. policies.Where(p => p.Key.Contains('*', StringComparison.Ordinal))
                .OrderByDescending(p => p.Key.Length)
                .Select(p => (p.Key[..p.Key.IndexOf('*', StringComparison.Ordinal)], p.Key[(p.Key.IndexOf('*', StringComparison.Ordinal) + 1)..], p.Value)),
        ];
    }

    /// <summary>What is said about a permission; without a policy of its own, what policy <c>*</c> says.</summary>
    public Rules For(string permission)
    {
        if (_byPermission.TryGetValue(permission, out var known))
        {
            return known;
        }

        var rules = Find(_aliases.GetValueOrDefault(permission, permission));
        if (_byPermission.Count < MaxRemembered)
        {
            _byPermission[permission] = rules;
        }

        return rules;
    }

    /// <summary>The Azure AD groups that cap a role; null when undefined.</summary>
    public FrozenSet<string>? CeilingOf(string role) => _roleCeilings.GetValueOrDefault(role);

    private Rules Find(string permission)
    {
        if (_exact.TryGetValue(permission, out var rules))
        {
            return rules;
        }

        foreach (var (prefix, suffix, pattern) in _patterns)
        {
            if (permission.Length >= prefix.Length + suffix.Length
                && permission.StartsWith(prefix, StringComparison.Ordinal)
                && permission.EndsWith(suffix, StringComparison.Ordinal))
            {
                return pattern;
            }
        }

        return Rules.None;
    }

    private static FrozenSet<string> GroupSet(IEnumerable<string> groups) => groups.Select(g => g.Trim('/')).ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>What grants and what caps one permission.</summary>
internal sealed record Rules(Grant[] Grants, FrozenSet<string>? Ceiling)
{
    public static readonly Rules None = new([], null);
}

/// <summary>One way to be granted a permission.</summary>
internal sealed record Grant(string[] Roles, bool Owner, string[] Teams, string[] Environments, TimeWindow? Hours)
{
    public const string AnyRole = "*";

    public static Grant From(GrantOptions options) => new(
        [.. options.Roles], options.Owner, [.. options.Teams], [.. options.Environments], options.Hours is { } hours ? new TimeWindow(hours) : null);
}

/// <summary>Hours of the week in a time zone.</summary>
internal sealed class TimeWindow(TimeWindowOptions options)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);

    public bool Contains(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, _zone);
        // TimeOnly's own test calls an empty span empty; here equal ends mean all day.
        return (options.From == options.To || TimeOnly.FromTimeSpan(local.TimeOfDay).IsBetween(options.From, options.To))
            && (options.Days.Count == 0 || options.Days.Contains(local.DayOfWeek));
    }

    public override string ToString()
    {
        var days = options.Days.Count == 0 ? "every day" : string.Join(", ", options.Days);
        return $"{days} {options.From:HH:mm}-{options.To:HH:mm} {options.TimeZone}";
    }
}
