using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Policy;

/// <summary>The RFC's tables as defaults, and what configuration may not say.</summary>
internal sealed class AccessOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<AccessOptions>, IValidateOptions<AccessOptions>
{
    private static readonly AccessRule[] DefaultRules =
    [
        Rule([], [], ["admin"], [["security-approver"], ["manager-approver"]], TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)),
        Rule([AccessTargets.Database], ["development", "staging"], [], [], TimeSpan.FromHours(1), TimeSpan.FromHours(8)),
        Rule([AccessTargets.Database], ["production"], [], [["dba-approver"]], TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)),
        Rule([AccessTargets.Ssh], ["production"], [], [["sre-approver"], ["manager-approver"]], TimeSpan.FromHours(8), TimeSpan.FromHours(24)),
        Rule([AccessTargets.Ssh], [], [], [["sre-approver"]], TimeSpan.FromHours(8), TimeSpan.FromHours(24)),
        Rule([AccessTargets.KubernetesExec, AccessTargets.PortForward], [], [], [["sre-approver"]], TimeSpan.FromHours(1), TimeSpan.FromHours(4)),
    ];

    private static readonly TargetRule[] DefaultTargets =
    [
        new() { Types = ["database", "database-cluster", "database-replica"], Targets = [AccessTargets.Database] },
        new() { Types = ["server", "virtual-machine"], Targets = [AccessTargets.Ssh] },
        new() { Types = ["kubernetes-cluster", "kubernetes-namespace"], Targets = [AccessTargets.KubernetesExec, AccessTargets.PortForward] },
        new() { Kind = "component", Types = ["service", "website"], Targets = [AccessTargets.KubernetesExec, AccessTargets.PortForward] },
    ];

    public void PostConfigure(string? name, AccessOptions options)
    {
        FillIfEmpty(options.Rules, DefaultRules);
        FillIfEmpty(options.Targets, DefaultTargets);
        FillIfEmpty(options.EscalateTo, ["platform-admin"]);
        if (configuration["Scaffolder:GitOps:Repository"] is { Length: > 0 } gitOps)
        {
            FillIfEmpty(options.TrustedSources, [gitOps]);
        }
    }

    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var problems = new List<string>();
        Check("MinimumDuration", options.MinimumDuration, options.MinimumDuration > TimeSpan.Zero, "more than zero");
        Check("EscalateAfter", options.EscalateAfter, options.EscalateAfter > TimeSpan.Zero, "more than zero");
        Check("ExpireAfter", options.ExpireAfter, options.ExpireAfter >= options.EscalateAfter, $"at least EscalateAfter, {options.EscalateAfter}");
        Check("SweepInterval", options.SweepInterval, options.SweepInterval > TimeSpan.Zero, "more than zero");
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var (rule, key) = (options.Rules[i], $"Rules:{i}");
            CheckNames($"{key}:Targets", rule.Targets, AccessTargets.All);
            CheckNames($"{key}:Environments", rule.Environments, AccessTargets.Environments);
            CheckNames($"{key}:AccessTypes", rule.AccessTypes, AccessTargets.AccessTypes);
            Check($"{key}:DefaultDuration", rule.DefaultDuration, rule.DefaultDuration > TimeSpan.Zero, "more than zero");
            Check($"{key}:MaximumDuration", rule.MaximumDuration, rule.MaximumDuration >= rule.DefaultDuration, $"at least DefaultDuration, {rule.DefaultDuration}");
            Check($"{key}:Approvers", "an empty group", rule.Approvers.All(g => g.Count > 0), "groups of at least one role");
        }

        for (var i = 0; i < options.Targets.Count; i++)
        {
            CheckNames($"Targets:{i}:Targets", options.Targets[i].Targets, AccessTargets.All);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(string key, object found, bool valid, string allowed)
        {
            if (!valid)
            {
                problems.Add($"{AccessOptions.Section}:{key}: found \"{found}\"; allowed: {allowed}");
            }
        }

        void CheckNames(string key, IEnumerable<string> names, string[] allowed)
        {
            foreach (var unknown in names.Except(allowed, StringComparer.Ordinal))
            {
                Check(key, unknown, false, string.Join(", ", allowed));
            }
        }
    }

    private static AccessRule Rule(
        string[] targets, string[] environments, string[] accessTypes, string[][] approvers, TimeSpan normal, TimeSpan maximum) =>
        new()
        {
            Targets = targets,
            Environments = environments,
            AccessTypes = accessTypes,
            Approvers = [.. approvers],
            DefaultDuration = normal,
            MaximumDuration = maximum,
        };

    // Configuration binding appends to lists, so defaults cannot stand in the options themselves.
    private static void FillIfEmpty<T>(IList<T> list, IEnumerable<T> defaults)
    {
        if (list.Count == 0)
        {
            foreach (var item in defaults)
            {
                list.Add(item);
            }
        }
    }
}
