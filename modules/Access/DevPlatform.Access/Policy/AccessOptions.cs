using DevPlatform.Shared.Configuration;

namespace DevPlatform.Access.Policy;

/// <summary>Settings of the Access module (section <c>Access</c>). Lists that are left out get the RFC's tables (RFC §10, RFC-PAM §10).</summary>
public sealed class AccessOptions : ICheckedOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Access";

    /// <summary>Who must approve and for how long access may last. The first rule that matches a request decides.</summary>
    public IList<AccessRule> Rules { get; } = [];

    /// <summary>Which entities access may be asked for, and of which kind.</summary>
    public IList<TargetRule> Targets { get; } = [];

    /// <summary>The shortest access that may be asked for.</summary>
    public TimeSpan MinimumDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far ahead access may begin.</summary>
    public TimeSpan MaximumAdvance { get; set; } = TimeSpan.FromDays(7);

    /// <summary>An approval that nobody answered for this long escalates.</summary>
    public TimeSpan EscalateAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>An approval that nobody answered for this long expires.</summary>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>Roles that may also decide once an approval has escalated.</summary>
    public IList<string> EscalateTo { get; } = [];

    /// <summary>
    /// URL prefixes of the repositories whose entities may say what access to them means (environment, Vault role, Teleport resource). Whoever
    /// may write those annotations decides who gets in, so only repositories that are changed by review or by the platform belong here. Absent
    /// = the GitOps repository (<c>Scaffolder:GitOps:Repository</c>).
    /// </summary>
    public IList<string> TrustedSources { get; } = [];

    /// <summary>How often what is overdue is looked for, beside the scheduled messages.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section) =>
    [
        .. AtLeast(section, nameof(MinimumDuration), MinimumDuration, TimeSpan.FromSeconds(1)),
        .. AtLeast(section, nameof(EscalateAfter), EscalateAfter, TimeSpan.FromSeconds(1)),
        .. AtLeast(section, nameof(ExpireAfter), ExpireAfter, EscalateAfter),
        .. AtLeast(section, nameof(SweepInterval), SweepInterval, TimeSpan.FromMilliseconds(100)),
        .. Rules.SelectMany((rule, i) => rule.Problems($"{section}:{nameof(Rules)}:{i}")),
        .. Targets.SelectMany((target, i) => OneOf($"{section}:{nameof(Targets)}:{i}", nameof(Targets), target.Targets, AccessTargets.All)),
    ];

    internal static IEnumerable<string> AtLeast(string section, string key, TimeSpan found, TimeSpan least) =>
        found >= least ? [] : [SettingProblem.Of(section, key, found, $"{least} or more")];

    internal static IEnumerable<string> OneOf(string section, string key, IEnumerable<string> found, string[] allowed) =>
        found.Except(allowed, StringComparer.Ordinal).Select(name => SettingProblem.Of(section, key, name, string.Join(", ", allowed)));
}

/// <summary>One line of the access policy.</summary>
public sealed class AccessRule
{
    /// <summary>database, ssh, kubernetes-exec or port-forward; empty = any.</summary>
    public IList<string> Targets { get; init; } = [];

    /// <summary>development, staging, production; empty = any.</summary>
    public IList<string> Environments { get; init; } = [];

    /// <summary>read, write, admin; empty = any.</summary>
    public IList<string> AccessTypes { get; init; } = [];

    /// <summary>
    /// Groups of approvers: all groups must approve (AND), each by another person; in a group, anyone who has one of the roles may (OR).
    /// <c>owner:team-lead</c> is a team lead of a team that owns the resource. Empty = approved by policy at once.
    /// </summary>
    public IList<IList<string>> Approvers { get; init; } = [];

    /// <summary>How long access lasts when the request does not say.</summary>
    public TimeSpan DefaultDuration { get; set; }

    /// <summary>The longest access that may be asked for, extensions included.</summary>
    public TimeSpan MaximumDuration { get; set; }

    internal IEnumerable<string> Problems(string section) =>
    [
        .. AccessOptions.OneOf(section, nameof(Targets), Targets, AccessTargets.All),
        .. AccessOptions.OneOf(section, nameof(Environments), Environments, AccessTargets.Environments),
        .. AccessOptions.OneOf(section, nameof(AccessTypes), AccessTypes, AccessTargets.AccessTypes),
        .. Approvers.Any(g => g.Count == 0) ? [SettingProblem.Of(section, nameof(Approvers), "an empty group", "groups of at least one role")] : Array.Empty<string>(),
        .. AccessOptions.AtLeast(section, nameof(DefaultDuration), DefaultDuration, TimeSpan.FromSeconds(1)),
        .. AccessOptions.AtLeast(section, nameof(MaximumDuration), MaximumDuration, DefaultDuration),
    ];
}

/// <summary>Which entities are targets of access.</summary>
public sealed class TargetRule
{
    /// <summary>Entity kind, lower case.</summary>
    public string Kind { get; set; } = "resource";

    /// <summary>Values of <c>spec.type</c>.</summary>
    public IList<string> Types { get; init; } = [];

    /// <summary>The targets such an entity offers; the first is meant when a request names none.</summary>
    public IList<string> Targets { get; init; } = [];
}

/// <summary>The kinds of access.</summary>
internal static class AccessTargets
{
    public const string Database = "database";
    public const string Ssh = "ssh";
    public const string KubernetesExec = "kubernetes-exec";
    public const string PortForward = "port-forward";

    public static readonly string[] All = [Database, Ssh, KubernetesExec, PortForward];
    public static readonly string[] AccessTypes = ["read", "write", "admin"];
    public static readonly string[] Environments = ["development", "staging", "production"];
}
