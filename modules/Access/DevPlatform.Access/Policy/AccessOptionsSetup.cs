using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Policy;

/// <summary>The RFC's tables, for what configuration leaves out.</summary>
internal sealed class AccessOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<AccessOptions>
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
