using System.Net;
using System.Text.RegularExpressions;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>A kind of object, as a cluster's API addresses it and Backstage's answers name it.</summary>
/// <param name="Type">Backstage's name of lists of it.</param>
/// <param name="Group">API group; empty for the core.</param>
/// <param name="Version">Version of the group.</param>
/// <param name="Plural">Plural name.</param>
internal sealed partial record ObjectKind(string Type, string Group, string Version, string Plural)
{
    public const string CustomResources = "customresources";

    /// <summary>What Backstage reads of every entity. Secrets are never read.</summary>
    public static readonly IReadOnlyList<ObjectKind> Workloads =
    [
        .. Core("pods", "services", "configmaps", "limitranges", "resourcequotas"),
        .. Grouped("apps", "v1", "deployments", "replicasets", "statefulsets", "daemonsets"),
        .. Grouped("autoscaling", "v2", "horizontalpodautoscalers"),
        .. Grouped("batch", "v1", "jobs", "cronjobs"),
        .. Grouped("networking.k8s.io", "v1", "ingresses"),
    ];

    public static readonly ObjectKind Metrics = new("podstatus", "metrics.k8s.io", "v1beta1", "pods");

    /// <summary>Whether a status says that the cluster lacks the kind, without anything being wrong. Metrics have a server of their own, which may be away.</summary>
    public bool IsAbsentAt(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => Type == CustomResources || this == Metrics,
        HttpStatusCode.ServiceUnavailable => this == Metrics,
        _ => false,
    };

    /// <summary>Reads <c>group/version/plural</c>; null for anything else.</summary>
    public static ObjectKind? ParseCustom(string name) =>
        Custom().Match(name) is { Success: true } match
            ? new ObjectKind(CustomResources, match.Groups["group"].Value, match.Groups["version"].Value, match.Groups["plural"].Value)
            : null;

    /// <summary>Path of the list: in a namespace, or in all.</summary>
    public string Path(string? @namespace) =>
        $"{(Group.Length == 0 ? "api" : $"apis/{Group}")}/{Version}/{(@namespace is null ? "" : $"namespaces/{Uri.EscapeDataString(@namespace)}/")}{Plural}";

    /// <inheritdoc />
    public override string ToString() => Group.Length == 0 ? $"{Version}/{Plural}" : $"{Group}/{Version}/{Plural}";

    private static IEnumerable<ObjectKind> Core(params IEnumerable<string> plurals) => Grouped("", "v1", plurals);

    private static IEnumerable<ObjectKind> Grouped(string group, string version, params IEnumerable<string> plurals) =>
        plurals.Select(plural => new ObjectKind(plural, group, version, plural));

    [GeneratedRegex(@"^(?<group>[a-z0-9-]+(\.[a-z0-9-]+)+)/(?<version>v[a-z0-9]+)/(?<plural>[a-z0-9]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Custom();
}
