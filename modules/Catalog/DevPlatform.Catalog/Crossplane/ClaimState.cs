using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Storage;

namespace DevPlatform.Catalog.Crossplane;

/// <summary>Reads a claim's state from its conditions (RFC §5.5).</summary>
internal static class ClaimState
{
    public const string Provisioning = "Provisioning";
    public const string Ready = "Ready";
    public const string Degraded = "Degraded";
    public const string Failed = "Failed";
    public const string Deleting = "Deleting";

    // Ready=False with these reasons is on its way; with another one it says what went wrong.
    private static readonly string[] Progressing = ["Creating", "Waiting", "Unavailable", "ReconcileSuccess", ""];

    /// <param name="resource"><c>&lt;plural&gt;.&lt;group&gt;</c>.</param>
    /// <param name="claim">The object.</param>
    /// <param name="entityLabel">The label that names its entity.</param>
    /// <param name="before">What was known of it: what once was ready is degraded when it no longer is.</param>
    /// <returns>Null for a claim that belongs to no entity.</returns>
    public static ClaimRow? Read(string resource, JsonElement claim, string entityLabel, ClaimRow? before)
    {
        var metadata = claim.GetProperty("metadata");
        if (EntityOf(metadata, entityLabel) is not { } entityRef)
        {
            return null;
        }

        // Strimzi has a condition of its own for what went wrong.
        var ready = Condition(claim, "Ready") ?? (Condition(claim, "NotReady") is { Status: "True" } failure ? failure with { Status = "False" } : null);
        var synced = Condition(claim, "Synced");
        var wasReady = before?.State is Ready or Degraded;
        var (state, cause) = metadata.TryGetProperty("deletionTimestamp", out var deletion) && deletion.ValueKind == JsonValueKind.String ? (Deleting, ready)
            : synced is { Status: "False", Reason: not "ReconcilePaused" } ? (wasReady ? Degraded : Failed, synced)
            : ready is { Status: "True" } ? (Ready, ready)
            : ready is { Reason: "Deleting" } ? (Deleting, ready)
            : ready is null or { Status: "Unknown" } ? (wasReady ? Degraded : Provisioning, ready)
            : !Progressing.Contains(ready.Reason) ? (wasReady ? Degraded : Failed, ready)
            : (wasReady ? Degraded : Provisioning, ready);
        // Other definitions hold their inputs under "parameters", ours have them in spec itself.
        var parameters = Path(claim, "spec", "parameters") ?? Path(claim, "spec");
        return new ClaimRow
        {
            Resource = resource,
            Namespace = metadata.GetProperty("namespace").GetString()!,
            Name = metadata.GetProperty("name").GetString()!,
            EntityRef = entityRef,
            State = state,
            Message = state == Ready ? null : cause?.Message,
            Environment = Text(parameters, "environment"),
            Size = Text(parameters, "size"),
            Connection = ConnectionOf(claim),
            Backup = BackupOf(parameters, claim),
            Since = cause?.Since ?? (metadata.TryGetProperty("creationTimestamp", out var created) && created.TryGetDateTimeOffset(out var at) ? at.ToUniversalTime() : null),
        };
    }

    /// <summary><c>resource.default.orders-db</c> → <c>resource:default/orders-db</c>.</summary>
    public static string? EntityOf(JsonElement metadata, string label) =>
        metadata.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Object && Text(labels, label)?.Split('.', 3) is [{ Length: > 0 } kind, { Length: > 0 } ns, { Length: > 0 } name]
            ? $"{kind}:{ns}/{name}".ToLowerInvariant()
            : null;

    /// <summary>Where a provisioned database listens, and the Vault path that gives logins to read it.</summary>
    private static string? ConnectionOf(JsonElement claim)
    {
        var connection = new JsonObject();
        if (Text(Path(claim, "status"), "host") is { } host)
        {
            connection["host"] = host;
        }

        if (Path(claim, "status", "port") is { ValueKind: JsonValueKind.Number } port)
        {
            connection["port"] = port.GetInt32();
        }

        if (Text(Path(claim, "status", "database"), "name") is { } database)
        {
            connection["database"] = database;
        }

        if (Text(Path(claim, "status", "database", "vaultRoles"), "read") is { } role)
        {
            connection["vaultPath"] = $"database/creds/{role}";
        }

        return connection.Count == 0 ? null : connection.ToJsonString();
    }

    /// <summary>How often backups are taken, and when the last one succeeded.</summary>
    private static string? BackupOf(JsonElement? parameters, JsonElement claim)
    {
        var backup = new JsonObject();
        if (Text(parameters, "backup") is { } schedule)
        {
            backup["schedule"] = schedule;
        }

        if (Text(Path(claim, "status", "backup"), "lastSuccessful") is { } last)
        {
            backup["lastSuccessful"] = last;
        }

        return backup.Count == 0 ? null : backup.ToJsonString();
    }

    private static ClaimCondition? Condition(JsonElement claim, string type)
    {
        if (Path(claim, "status", "conditions") is not { ValueKind: JsonValueKind.Array } conditions)
        {
            return null;
        }

        return conditions.EnumerateArray().Where(c => Text(c, "type") == type).Select(c => new ClaimCondition(
            Text(c, "status") ?? "Unknown",
            Text(c, "reason") ?? "",
            Text(c, "message") is { Length: > 0 } message ? message : null,
            c.TryGetProperty("lastTransitionTime", out var since) && since.TryGetDateTimeOffset(out var at) ? at.ToUniversalTime() : null)).FirstOrDefault();
    }

    private static JsonElement? Path(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string? Text(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed record ClaimCondition(string Status, string Reason, string? Message, DateTimeOffset? Since);
}
