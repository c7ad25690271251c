using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>The tree of an application: its resources and what they own, by owner references.</summary>
internal sealed class ResourceTree(ClusterClient cluster, ApplicationReconciler reconciler)
{
    private static readonly string[] Owned = ["api/v1/secrets", "api/v1/pods", "apis/apps/v1/replicasets", "apis/batch/v1/jobs"];

    public async Task<JsonObject> BuildAsync(JsonObject application, CancellationToken cancellationToken)
    {
        var roots = reconciler.ResourcesOf(application.Text("metadata", "name")!).Where(r => r.Live is not null).Select(r => r.Live!).ToList();
        var candidates = new List<JsonObject>();
        foreach (var collection in Owned)
        {
            var list = await cluster.ListAsync(collection, cancellationToken);
            candidates.AddRange(list.Objects("items"));
        }

        var nodes = new JsonArray([.. roots.Select(r => Node(r, null))]);
        for (var level = roots; level.Count > 0;)
        {
            var parents = level.ToDictionary(p => p.Text("metadata", "uid")!);
            level = [.. candidates.Where(c => OwnerIn(c, parents) is not null)];
            foreach (var child in level)
            {
                nodes.Add(Node(child, OwnerIn(child, parents)));
            }
        }

        return new JsonObject { ["nodes"] = nodes, ["orphanedNodes"] = new JsonArray(), ["hosts"] = new JsonArray() };
    }

    private static JsonObject? OwnerIn(JsonObject candidate, Dictionary<string, JsonObject> parents) =>
        candidate.Objects("metadata", "ownerReferences").Select(o => parents.GetValueOrDefault(o.Text("uid") ?? "")).FirstOrDefault(p => p is not null);

    private static JsonObject Node(JsonObject live, JsonObject? parent)
    {
        var node = Reference(live);
        node["resourceVersion"] = live.Text("metadata", "resourceVersion");
        node["createdAt"] = live.Text("metadata", "creationTimestamp");
        if (parent is not null)
        {
            node["parentRefs"] = new JsonArray(Reference(parent));
        }

        if (Health.Of(live) is { } health)
        {
            node["health"] = health.ToJson();
        }

        return node;
    }

    private static JsonObject Reference(JsonObject live)
    {
        var reference = ResourceId.Of(live, live.Text("metadata", "namespace") ?? "").ToJson();
        reference["uid"] = live.Text("metadata", "uid");
        return reference;
    }
}
