using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Crossplane;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Cluster;

/// <summary>A labelled workload of the cluster.</summary>
/// <param name="Kind"><c>Deployment</c>.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="EntityRef">The entity that it runs.</param>
/// <param name="KubernetesId">Value of <c>backstage.io/kubernetes-id</c>.</param>
/// <param name="Owner">Who owns what it runs, where it says so.</param>
/// <param name="Type"><c>spec.type</c> of a Resource that it is.</param>
/// <param name="Environment">Its environment.</param>
/// <param name="State">How it is.</param>
internal sealed record Workload(
    string Kind, string Namespace, string Name, EntityRef EntityRef, string? KubernetesId, string? Owner, string? Type, string? Environment, string State)
{
    /// <summary>Backstage's label; its value names the Component in namespace <c>default</c> unless the entity label says otherwise.</summary>
    public const string IdLabel = "backstage.io/kubernetes-id";

    public const string OwnerAnnotation = "devplatform.io/owner";
    public const string TypeAnnotation = "devplatform.io/type";
    public const string EnvironmentLabel = "devplatform.io/environment";

    /// <summary>Reads a workload; null for one that says of no entity that it runs it.</summary>
    public static Workload? Read(string kind, JsonElement item, string entityLabel)
    {
        var metadata = item.GetProperty("metadata");
        var id = Text(metadata, "labels", IdLabel);
        var entity = ClaimState.EntityOf(metadata, entityLabel) is { } named && EntityRef.TryParse(named, out var exact) ? exact
            : id is not null ? new EntityRef("component", EntityRef.DefaultNamespace, id)
            : (EntityRef?)null;
        return entity is null ? null : new Workload(
            kind, metadata.GetProperty("namespace").GetString()!, metadata.GetProperty("name").GetString()!, entity.Value, id,
            Text(metadata, "annotations", OwnerAnnotation), Text(metadata, "annotations", TypeAnnotation),
            Text(metadata, "labels", EnvironmentLabel) ?? Text(metadata, "annotations", EnvironmentLabel), StateOf(metadata, item));
    }

    /// <summary>What the workloads of one entity add to its annotations.</summary>
    public static Dictionary<string, string> Annotations(IEnumerable<Workload> workloads, string cluster)
    {
        var all = workloads.OrderBy(w => w.Namespace, StringComparer.Ordinal).ThenBy(w => w.Kind, StringComparer.Ordinal).ThenBy(w => w.Name, StringComparer.Ordinal).ToList();
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["backstage.io/kubernetes-cluster"] = cluster,
            ["backstage.io/kubernetes-namespace"] = all[0].Namespace,
            ["devplatform.io/workloads"] = string.Join(',', all.Select(w => $"{w.Namespace}/{w.Kind}/{w.Name}")),
        };
        if (all.FirstOrDefault(w => w.KubernetesId is not null)?.KubernetesId is { } id)
        {
            annotations[IdLabel] = id;
        }

        return annotations;
    }

    /// <summary>The Resource that workloads are which name an owner: a cache, a queue that no file describes.</summary>
    public static JsonObject ToResource(IReadOnlyList<Workload> workloads)
    {
        var first = workloads[0];
        var annotations = new JsonObject { [Stitcher.StateAnnotation] = workloads.Any(w => w.State != ClaimState.Ready) ? ClaimState.Degraded : ClaimState.Ready };
        if (first.Environment is not null)
        {
            annotations[EnvironmentLabel] = first.Environment;
        }

        return new JsonObject
        {
            ["apiVersion"] = "backstage.io/v1alpha1",
            ["kind"] = "Resource",
            ["metadata"] = new JsonObject { ["name"] = first.EntityRef.Name, ["namespace"] = first.EntityRef.Namespace, ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["type"] = first.Type ?? "workload", ["owner"] = first.Owner },
        };
    }

    private static string StateOf(JsonElement metadata, JsonElement item)
    {
        if (metadata.TryGetProperty("deletionTimestamp", out _))
        {
            return ClaimState.Deleting;
        }

        // Deployments and StatefulSets count replicas, DaemonSets nodes; what counts nothing (CronJob) is as ready as it gets. Zeros are left out.
        var wanted = Number(item, "spec", "replicas") ?? Number(item, "status", "desiredNumberScheduled") ?? 0;
        var ready = Number(item, "status", "readyReplicas") ?? Number(item, "status", "numberReady") ?? 0;
        return ready >= wanted ? ClaimState.Ready : ClaimState.Degraded;
    }

    private static string? Text(JsonElement metadata, string map, string name) =>
        metadata.TryGetProperty(map, out var values) && values.ValueKind == JsonValueKind.Object && values.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int? Number(JsonElement item, string part, string name) =>
        item.TryGetProperty(part, out var parent) && parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : null;
}
