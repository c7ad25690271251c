using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>One look at an application: compare, sync when asked or automated, write the status.</summary>
internal sealed class ApplicationReconciler(ClusterClient cluster, GitSource git, Comparison comparison, SyncOperation sync, TimeProvider time)
{
    public const string RefreshAnnotation = "argocd.argoproj.io/refresh";
    private readonly ConcurrentDictionary<string, IReadOnlyList<ManagedResource>> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (int Attempt, DateTimeOffset At)> _retries = new(StringComparer.Ordinal);

    /// <summary>The resources of an application as they were found last.</summary>
    public IReadOnlyList<ManagedResource> ResourcesOf(string application) => _resources.GetValueOrDefault(application, []);

    public static string Address(JsonObject application) =>
        $"apis/argoproj.io/v1alpha1/namespaces/{application.Text("metadata", "namespace")}/applications/{application.Text("metadata", "name")}";

    public async Task ReconcileAsync(JsonObject seen, CancellationToken cancellationToken)
    {
        // What the watch has shown may be older than our own last write, whose sync the status must not lose.
        if (await cluster.GetAsync(Address(seen), cancellationToken) is not { } resource)
        {
            return;
        }

        var application = new ApplicationSpec(resource);
        var status = (resource["status"] as JsonObject)?.Copy() ?? [];
        string? revision = null;
        var conditions = new JsonArray();
        var operation = resource["operation"] as JsonObject;
        try
        {
            revision = await git.ResolveAsync(application.RepoUrl, operation.Text("sync", "revision") is { Length: > 0 } asked ? asked : application.TargetRevision);
            var targets = await comparison.TargetsAsync(application, git.Read(application, revision), cancellationToken);
            var found = await comparison.CompareAsync(application, targets, cancellationToken);
            if (operation is not null || ShouldSync(application, status, revision, found))
            {
                await SyncAsync(application, status, revision, found, operation, cancellationToken);
                found = await comparison.CompareAsync(application, targets, cancellationToken);
            }

            _resources[application.Name] = found;
            Report(application, status, revision, found);
        }
        catch (ManifestException error)
        {
            conditions.Add(NewCondition("ComparisonError", $"Failed to load target state: failed to generate manifest for source 1 of 1: {error.Message}"));
            status["sync"] = new JsonObject { ["status"] = "Unknown", ["comparedTo"] = ComparedTo(application), ["revision"] = revision ?? status.Text("sync", "revision") };
            FailOperation(status, operation, error.Message);
        }

        if (status.At("operationState") is { } last && last.Text("phase") is "Failed" or "Error" && last.Text("operation", "sync", "revision") is { } failed && failed == revision && conditions.Count == 0)
        {
            conditions.Add(NewCondition("SyncError", $"Failed last sync attempt to [{failed}]: {last.Text("message")}"));
        }

        Keep(status, conditions);
        await WriteAsync(application, status, cancellationToken);
    }

    private bool ShouldSync(ApplicationSpec application, JsonObject status, string revision, IReadOnlyList<ManagedResource> found)
    {
        if (!application.Automated || found.All(r => r.Synced || (r.Target is null && !application.Prune)))
        {
            return false;
        }

        var last = status.At("operationState");
        if (last.Text("operation", "sync", "revision") != revision)
        {
            _retries.TryRemove(application.Name, out _);
            return true;
        }

        return last.Text("phase") switch
        {
            "Succeeded" => application.SelfHeal,
            _ => _retries.TryGetValue(application.Name, out var retry) ? retry.At <= time.GetUtcNow() && retry.Attempt <= application.RetryLimit : application.RetryLimit > 0,
        };
    }

    private async Task SyncAsync(ApplicationSpec application, JsonObject status, string revision, IReadOnlyList<ManagedResource> found, JsonObject? operation, CancellationToken cancellationToken)
    {
        var started = ObjectRules.Timestamp(time.GetUtcNow());
        var automated = operation is null;
        var prune = operation?["sync"]?["prune"]?.GetValue<bool>() ?? (automated && application.Prune);
        var dryRun = operation?["sync"]?["dryRun"]?.GetValue<bool>() ?? false;
        var chosen = operation.Objects("sync", "resources").ToArray();
        var selected = chosen.Length == 0 ? found : [.. found.Where(r => chosen.Any(c => (c.Text("group") ?? "") == r.Id.Group && c.Text("kind") == r.Id.Kind && c.Text("name") == r.Id.Name))];
        var outcome = await sync.RunAsync(application, selected, prune, dryRun, cancellationToken);
        var attempt = _retries.GetValueOrDefault(application.Name).Attempt;
        if (outcome.Succeeded)
        {
            _retries.TryRemove(application.Name, out _);
        }
        else
        {
            _retries[application.Name] = (attempt + 1, time.GetUtcNow() + application.RetryDelay(attempt + 1));
        }

        var finished = ObjectRules.Timestamp(time.GetUtcNow());
        var initiatedBy = automated ? new JsonObject { ["automated"] = true } : operation!["initiatedBy"]?.DeepClone() ?? new JsonObject();
        status["operationState"] = new JsonObject
        {
            ["operation"] = new JsonObject { ["initiatedBy"] = initiatedBy, ["sync"] = new JsonObject { ["revision"] = revision, ["prune"] = prune } },
            ["phase"] = outcome.Succeeded ? "Succeeded" : "Failed",
            ["message"] = outcome.Message,
            ["startedAt"] = started,
            ["finishedAt"] = finished,
            ["retryCount"] = attempt,
            ["syncResult"] = new JsonObject { ["revision"] = revision, ["source"] = application.Source.DeepClone(), ["resources"] = outcome.Resources },
        };
        if (outcome.Succeeded && !dryRun)
        {
            var history = status.Objects("history").Select(h => h.Copy()).ToList();
            var id = history.Count == 0 ? 0 : history[^1]["id"]!.GetValue<long>() + 1;
            history.Add(new JsonObject
            {
                ["id"] = id,
                ["revision"] = revision,
                ["deployStartedAt"] = started,
                ["deployedAt"] = finished,
                ["source"] = application.Source.DeepClone(),
                ["initiatedBy"] = initiatedBy.DeepClone(),
            });
            status["history"] = new JsonArray([.. history.TakeLast(10)]);
        }
    }

    private void Report(ApplicationSpec application, JsonObject status, string revision, IReadOnlyList<ManagedResource> found)
    {
        status["sync"] = new JsonObject
        {
            ["status"] = found.All(r => r.Synced) ? "Synced" : "OutOfSync",
            ["revision"] = revision,
            ["comparedTo"] = ComparedTo(application),
        };
        var health = Health.Worst(found.Where(r => r.Target is not null).Select(r => r.Health?.Status ?? "Healthy"));
        status["health"] = new JsonObject
        {
            ["status"] = health,
            ["lastTransitionTime"] = status.Text("health", "status") == health ? status.Text("health", "lastTransitionTime") : ObjectRules.Timestamp(time.GetUtcNow()),
        };
        // Health of single resources is not in the custom resource since 3.0; the API adds it to its answers.
        status["resources"] = new JsonArray([.. found.Select(r => r.ToStatus(withHealth: false))]);
        status["resourceHealthSource"] = "appTree";
        status["sourceType"] = application.Source["helm"] is not null || application.Path.EndsWith("chart", StringComparison.Ordinal) ? "Helm" : "Directory";
        status["summary"] = new JsonObject();
        status["controllerNamespace"] = application.Namespace;
    }

    private void FailOperation(JsonObject status, JsonObject? operation, string message)
    {
        if (operation is not null)
        {
            var now = ObjectRules.Timestamp(time.GetUtcNow());
            status["operationState"] = new JsonObject { ["operation"] = operation.DeepClone(), ["phase"] = "Error", ["message"] = message, ["startedAt"] = now, ["finishedAt"] = now };
        }
    }

    private static void Keep(JsonObject status, JsonArray conditions)
    {
        var before = status.Objects("conditions").ToArray();
        foreach (var condition in conditions.OfType<JsonObject>())
        {
            if (before.FirstOrDefault(b => b.Text("type") == condition.Text("type") && b.Text("message") == condition.Text("message")) is { } same)
            {
                condition["lastTransitionTime"] = same.Text("lastTransitionTime");
            }
        }

        status["conditions"] = conditions;
    }

    private async Task WriteAsync(ApplicationSpec application, JsonObject status, CancellationToken cancellationToken)
    {
        var patch = new JsonObject();
        var refreshed = application.Resource.Text("metadata", "annotations", RefreshAnnotation) is not null;
        if (refreshed)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RefreshAnnotation] = null } };
        }

        if (application.Resource["operation"] is not null)
        {
            patch["operation"] = null;
        }

        // The time of each look would be a new version of the object every few seconds; it is told when something else is.
        var changed = !JsonNode.DeepEquals(application.Resource["status"], status);
        if (changed || patch.Count > 0)
        {
            status["reconciledAt"] = ObjectRules.Timestamp(time.GetUtcNow());
            patch["status"] = status;
            await cluster.MergeAsync(Address(application.Resource), patch, cancellationToken);
        }
    }

    private static JsonObject ComparedTo(ApplicationSpec application) => new()
    {
        ["source"] = application.Source.DeepClone(),
        ["destination"] = application.Resource.At("spec", "destination")?.DeepClone(),
    };

    private JsonObject NewCondition(string type, string message) => new() { ["type"] = type, ["message"] = message, ["lastTransitionTime"] = ObjectRules.Timestamp(time.GetUtcNow()) };
}
