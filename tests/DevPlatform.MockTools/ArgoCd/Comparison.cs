using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>One resource of an application: what Git wants, what the cluster has. Without a target it is to be pruned.</summary>
internal sealed record ManagedResource(ResourceId Id, JsonObject? Target, JsonObject? Live, bool Synced)
{
    public Health? Health => Live is null ? ArgoCd.Health.Missing : ArgoCd.Health.Of(Live);

    public JsonObject ToStatus(bool withHealth)
    {
        var status = Id.ToJson();
        status["status"] = Synced ? "Synced" : "OutOfSync";
        if (Target is null)
        {
            status["requiresPruning"] = true;
        }

        if (withHealth && Health is { } health)
        {
            status["health"] = health.ToJson();
        }

        return status;
    }
}

/// <summary>Compares manifests with the cluster. A resource is in sync when applying it would change nothing.</summary>
internal sealed class Comparison(ClusterClient cluster)
{
    public const string TrackingAnnotation = "argocd.argoproj.io/tracking-id";

    /// <summary>The manifests as they will be applied: in their namespace, marked as the application's.</summary>
    public async Task<IReadOnlyList<(ResourceId Id, JsonObject Manifest)>> TargetsAsync(ApplicationSpec application, IEnumerable<JsonObject> manifests, CancellationToken cancellationToken)
    {
        var targets = new Dictionary<ResourceId, JsonObject>();
        foreach (var manifest in manifests)
        {
            var target = manifest.Copy();
            var home = target.Text("metadata", "namespace") ?? application.DestinationNamespace;
            var namespaced = true;
            try
            {
                namespaced = await cluster.IsNamespacedAsync(target.Text("apiVersion")!, target.Text("kind")!, cancellationToken);
            }
            catch (ClusterException error) when (error.Code == 404)
            {
                // A kind that is not served fails when it is applied, with a message that says so.
            }

            var id = ResourceId.Of(target, namespaced ? home : "");
            if (namespaced && home.Length > 0)
            {
                target.Child("metadata")["namespace"] = home;
            }

            target.Child("metadata", "annotations")[TrackingAnnotation] = application.TrackingId(id);
            targets[id] = target;
        }

        return [.. targets.Select(t => (t.Key, t.Value))];
    }

    public async Task<IReadOnlyList<ManagedResource>> CompareAsync(ApplicationSpec application, IReadOnlyList<(ResourceId Id, JsonObject Manifest)> targets, CancellationToken cancellationToken)
    {
        var resources = new List<ManagedResource>();
        foreach (var (id, manifest) in targets)
        {
            resources.Add(await CompareAsync(id, manifest, cancellationToken));
        }

        var wanted = targets.Select(t => t.Id).ToHashSet();
        var before = application.Resource.Objects("status", "resources").Select(r => (Api: r.Text("group") is { } group ? $"{group}/{r.Text("version")}" : r.Text("version")!, Kind: r.Text("kind")!));
        foreach (var (api, kind) in before.Concat(wanted.Select(t => (t.ApiVersion, t.Kind))).Distinct())
        {
            resources.AddRange((await TrackedAsync(application, api, kind, cancellationToken)).Where(r => !wanted.Contains(r.Id)));
        }

        return resources;
    }

    public Task<string> AddressAsync(ResourceId id, CancellationToken cancellationToken) =>
        cluster.AddressAsync(id.ApiVersion, id.Kind, id.Namespace, id.Name, cancellationToken);

    private async Task<ManagedResource> CompareAsync(ResourceId id, JsonObject manifest, CancellationToken cancellationToken)
    {
        JsonObject? live = null;
        try
        {
            var address = await AddressAsync(id, cancellationToken);
            live = await cluster.GetAsync(address, cancellationToken);
            return new ManagedResource(id, manifest, live, live is not null && Same(live, await cluster.ApplyAsync(address, manifest, cancellationToken, dryRun: true)));
        }
        catch (ClusterException)
        {
            // It cannot be applied as it is; the sync will say why.
            return new ManagedResource(id, manifest, live, Synced: false);
        }
    }

    private async Task<IEnumerable<ManagedResource>> TrackedAsync(ApplicationSpec application, string apiVersion, string kind, CancellationToken cancellationToken)
    {
        try
        {
            var address = await cluster.AddressAsync(apiVersion, kind, null, "", cancellationToken);
            var list = await cluster.ListAsync(address.TrimEnd('/'), cancellationToken);
            return from item in list.Objects("items")
                   let id = ResourceId.Of(item, item.Text("metadata", "namespace") ?? "")
                   where item.Text("metadata", "annotations", TrackingAnnotation) == application.TrackingId(id)
                   select new ManagedResource(id, null, item.Copy(), Synced: false);
        }
        catch (ClusterException error) when (error.Code == 404)
        {
            return [];
        }
    }

    private static bool Same(JsonObject live, JsonObject applied)
    {
        var (a, b) = (live.Copy(), applied.Copy());
        foreach (var side in (JsonObject[])[a, b])
        {
            side.Child("metadata").Remove("managedFields");
            side.Child("metadata").Remove("resourceVersion");
            side.Child("metadata").Remove("generation");
        }

        return JsonNode.DeepEquals(a, b);
    }
}
