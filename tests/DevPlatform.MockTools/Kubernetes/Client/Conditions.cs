using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Kubernetes.Client;

/// <summary>A condition of an object's status.</summary>
internal sealed record Condition(string Type, bool Status, string Reason, string? Message = null)
{
    public static readonly Condition Synced = new("Synced", true, "ReconcileSuccess");

    public static readonly Condition Available = new("Ready", true, "Available");

    public static readonly Condition Deleting = new("Ready", false, "Deleting");

    public static Condition Creating(string? message = null) => new("Ready", false, "Creating", message);

    public static Condition ReconcileError(string message) => new("Synced", false, "ReconcileError", message);

    /// <summary>Whether an object's condition of the type is <c>True</c>.</summary>
    public static bool IsTrue(JsonNode? target, string type) => target.Objects("status", "conditions").Any(c => c.Text("type") == type && c.Text("status") == "True");
}

internal static class ConditionPatches
{
    /// <summary>
    /// Writes conditions, and status fields beside them, when that changes anything; a condition whose status stays keeps its transition time.
    /// </summary>
    public static async Task SetStatusAsync(
        this ClusterClient cluster, string address, JsonObject target, DateTimeOffset now, IReadOnlyList<Condition> conditions, JsonObject? fields, CancellationToken cancellationToken)
    {
        var before = target.Objects("status", "conditions").ToDictionary(c => c.Text("type")!);
        var after = before.ToDictionary(c => c.Key, c => c.Value.Copy());
        foreach (var condition in conditions)
        {
            var status = condition.Status ? "True" : "False";
            var same = before.GetValueOrDefault(condition.Type) is { } previous && previous.Text("status") == status ? previous.Text("lastTransitionTime") : null;
            after[condition.Type] = new JsonObject
            {
                ["type"] = condition.Type,
                ["status"] = status,
                ["reason"] = condition.Reason,
                ["lastTransitionTime"] = same ?? ObjectRules.Timestamp(now),
            };
            if (condition.Message is not null)
            {
                after[condition.Type]["message"] = condition.Message;
            }
        }

        var wanted = fields?.Copy() ?? [];
        wanted["conditions"] = new JsonArray([.. after.Values]);
        if (!JsonNode.DeepEquals(Patches.Merge(target["status"], wanted), target["status"]))
        {
            await cluster.MergeAsync($"{address}/status", new JsonObject { ["status"] = wanted }, cancellationToken);
        }
    }
}
