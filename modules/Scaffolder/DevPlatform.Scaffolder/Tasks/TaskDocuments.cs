using System.Globalization;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>Tasks and events as the API shows them (Backstage's shapes).</summary>
internal static class TaskDocuments
{
    public static JsonObject Task(ScaffolderTask task)
    {
        var document = new JsonObject
        {
            ["id"] = task.Id.ToString(),
            ["spec"] = JsonNode.Parse(task.Spec),
            ["status"] = task.Status,
            ["createdAt"] = Time(task.CreatedAt),
            ["createdBy"] = task.CreatedBy,
        };
        if (task.LastHeartbeatAt is { } heartbeat)
        {
            document["lastHeartbeatAt"] = Time(heartbeat);
        }

        if (task.Commit is not null)
        {
            document["commit"] = task.Commit;
        }

        if (task.ApprovalId is { } approval)
        {
            document["approval"] = new JsonObject
            {
                ["id"] = approval.ToString(),
                ["approvedBy"] = new JsonArray([.. (task.ApprovedBy ?? []).Select(a => (JsonNode)a)]),
            };
        }

        return document;
    }

    public static JsonObject Event(TaskEvent taskEvent) => new()
    {
        ["id"] = taskEvent.Id,
        ["taskId"] = taskEvent.TaskId.ToString(),
        ["type"] = taskEvent.Type,
        ["createdAt"] = Time(taskEvent.CreatedAt),
        ["body"] = JsonNode.Parse(taskEvent.Body),
    };

    // As JavaScript's toISOString.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
