using System.ComponentModel.DataAnnotations;
using DevPlatform.Shared.Configuration;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>Section <c>Kubernetes</c>, the part that says how much pages read of a cluster; its clusters are <c>KubernetesOptions</c>.</summary>
public sealed class KubernetesReadOptions : ICheckedOptions
{
    private static readonly IReadOnlyList<string> Shipped = ["argoproj.io/v1alpha1/rollouts"];

    /// <summary>Limit of one request to a cluster.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer counts as fresh; open pages ask every 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests to one cluster at the same time; more wait.</summary>
    [Range(1, 256)]
    public int MaxParallel { get; set; } = 16;

    /// <summary>Objects of one kind that are read; of more, the page says so.</summary>
    [Range(1, 5_000)]
    public int MaxObjects { get; set; } = 500;

    /// <summary>Last lines of a log that are read.</summary>
    [Range(1, 100_000)]
    public int LogLines { get; set; } = 2_000;

    /// <summary>Bytes of a log that are read at most.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int LogBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Kinds of custom resources, <c>group/version/plural</c>, that are shown with an entity's workloads and may be asked for; none other. Default: Argo
    /// Rollouts. A cluster without one of them is no error.
    /// </summary>
    public IList<string> CustomResources { get; } = [];

    internal IEnumerable<ObjectKind> CustomKinds =>
        (CustomResources.Count > 0 ? CustomResources.AsEnumerable() : Shipped).Select(name => ObjectKind.ParseCustom(name)!);

    /// <inheritdoc />
    public IEnumerable<string> Problems(string section) =>
        CustomResources.Where(name => ObjectKind.ParseCustom(name) is null)
            .Select(name => SettingProblem.Of(section, nameof(CustomResources), name, "group/version/plural, such as argoproj.io/v1alpha1/rollouts"));
}
