using DevPlatform.Integrations.Adapters;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>Which objects of clusters are an entity's, by its annotations.</summary>
/// <param name="Labels">Label selector.</param>
/// <param name="Namespace">Their namespace; null for any.</param>
/// <param name="Cluster">Their cluster; null for any.</param>
internal sealed record WorkloadSelector(string Labels, string? Namespace, string? Cluster)
{
    /// <summary>Annotation, and label of workloads: the value that both have.</summary>
    public const string Id = "backstage.io/kubernetes-id";

    /// <summary>Annotation: a label selector, which comes before the id.</summary>
    public const string LabelSelectorAnnotation = "backstage.io/kubernetes-label-selector";

    /// <summary>Null for an entity whose annotations name no objects.</summary>
    public static WorkloadSelector? Of(CatalogEntity entity)
    {
        var labels = Annotation(LabelSelectorAnnotation) ?? (Annotation(Id) is { } id ? $"{Id}={id}" : null);
        return labels is null ? null : new WorkloadSelector(labels, Annotation("backstage.io/kubernetes-namespace"), Annotation("backstage.io/kubernetes-cluster"));

        string? Annotation(string key) => entity.Annotation(key)?.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>Whether the entity's objects may be in the cluster.</summary>
    public bool IsIn(string cluster) => Cluster is null || Cluster == cluster;

    /// <summary>Whether an object of that cluster is the entity's: what the cluster would answer if it were asked with this selector.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="home">The object's namespace.</param>
    /// <param name="labels">The value of a label of the object, or null.</param>
    public bool Selects(string cluster, string home, Func<string, string?> labels) =>
        IsIn(cluster) && (Namespace is null || Namespace == home) && LabelSelector.Parse(Labels)?.Matches(labels) == true;
}
