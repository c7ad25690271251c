using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>How a sync went.</summary>
internal sealed record SyncOutcome(bool Succeeded, string Message, JsonArray Resources);

/// <summary>
/// Brings the cluster to what Git says. First everything is tried dry; when one resource would be refused nothing is applied, as Argo CD does.
/// </summary>
internal sealed class SyncOperation(ClusterClient cluster, Comparison comparison)
{
    private static readonly string[] First = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "Secret", "ConfigMap"];

    public async Task<SyncOutcome> RunAsync(
        ApplicationSpec application, IReadOnlyList<ManagedResource> resources, bool prune, bool dryRun, CancellationToken cancellationToken)
    {
        var ordered = resources.OrderBy(r => Array.IndexOf(First, r.Id.Kind) is var i and >= 0 ? i : First.Length).ThenBy(r => r.Id.Name, StringComparer.Ordinal).ToArray();
        if (application.CreateNamespace && application.DestinationNamespace.Length > 0 && !dryRun)
        {
            await cluster.ApplyAsync($"api/v1/namespaces/{application.DestinationNamespace}", new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = application.DestinationNamespace },
            }, cancellationToken);
        }

        // What a namespace of the same sync will hold cannot be tried before the namespace is there.
        var made = ordered.Where(r => r.Id is { Group: "", Kind: "Namespace" } && r.Live is null).Select(r => r.Id.Name).ToHashSet(StringComparer.Ordinal);
        var rehearsal = await ApplyAllAsync(ordered.Where(r => r.Target is not null && !made.Contains(r.Id.Namespace)), dryRun: true, cancellationToken);
        if (dryRun || rehearsal.Any(r => r.Text("status") == "SyncFailed"))
        {
            return Outcome(rehearsal);
        }

        var results = await ApplyAllAsync(ordered.Where(r => r.Target is not null), dryRun: false, cancellationToken);
        foreach (var extra in ordered.Where(r => r.Target is null))
        {
            results.Add(await PruneAsync(extra, prune, cancellationToken));
        }

        return Outcome(results);
    }

    private static SyncOutcome Outcome(List<JsonObject> results)
    {
        var failed = results.Where(r => r.Text("status") == "SyncFailed").Select(r => r.Text("message")).ToArray();
        return failed.Length == 0
            ? new SyncOutcome(true, "successfully synced (all tasks run)", new JsonArray([.. results]))
            : new SyncOutcome(false, $"one or more objects failed to apply, reason: {string.Join("; ", failed)}", new JsonArray([.. results]));
    }

    private async Task<List<JsonObject>> ApplyAllAsync(IEnumerable<ManagedResource> resources, bool dryRun, CancellationToken cancellationToken)
    {
        var results = new List<JsonObject>();
        foreach (var resource in resources)
        {
            var id = resource.Id;
            try
            {
                await cluster.ApplyAsync(await comparison.AddressAsync(id, cancellationToken), resource.Target!, cancellationToken, dryRun: dryRun);
                results.Add(Result(id, "Synced", $"{id.Kind.ToLowerInvariant()}{(id.Group.Length > 0 ? $".{id.Group}" : "")}/{id.Name} serverside-applied", dryRun));
            }
            catch (ClusterException error)
            {
                var why = error.Reason == "NoKindMatch"
                    ? $"The Kubernetes API could not find {id.Group}/{id.Kind} for requested resource {id.Namespace}/{id.Name}. Make sure the \"{id.Kind}\" CRD is installed on the destination cluster."
                    : error.Message;
                results.Add(Result(id, "SyncFailed", why, dryRun));
            }
        }

        return results;
    }

    private async Task<JsonObject> PruneAsync(ManagedResource resource, bool prune, CancellationToken cancellationToken)
    {
        if (!prune)
        {
            return Result(resource.Id, "PruneSkipped", "ignored (requires pruning)", dryRun: false);
        }

        await cluster.DeleteAsync(await comparison.AddressAsync(resource.Id, cancellationToken), cancellationToken);
        return Result(resource.Id, "Pruned", "pruned", dryRun: false);
    }

    private static JsonObject Result(ResourceId id, string status, string message, bool dryRun)
    {
        var result = id.ToJson();
        result["group"] = id.Group;
        result["namespace"] = id.Namespace;
        result["status"] = status;
        result["message"] = dryRun && status == "Synced" ? message + " (dry run)" : message;
        result["hookPhase"] = status == "SyncFailed" ? "Failed" : status is "Pruned" or "PruneSkipped" ? "Succeeded" : "Running";
        result["syncPhase"] = "Sync";
        return result;
    }
}
