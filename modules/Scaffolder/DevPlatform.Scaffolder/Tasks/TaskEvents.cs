using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Data;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>
/// Writes a task's log. Each line takes the task's row lock first, so that ids ascend in the order in which readers can see them: a reader that
/// asks for what comes after id n never misses a line.
/// </summary>
internal static class TaskEvents
{
    public const string Channel = "scaffolder_task_events";

    public const string Log = "log";
    public const string Completion = "completion";
    public const string Cancelled = "cancelled";
    public const string Recovered = "recovered";

    /// <summary>Appends in the DbContext's transaction, or at once when there is none, and wakes those who follow the log.</summary>
    public static Task AppendAsync(
        ScaffolderDbContext db, Guid taskId, string type, JsonObject body, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            with task as (select id from scaffolder.tasks where id = {taskId} for no key update),
                 line as (insert into scaffolder.task_events (task_id, type, body, created_at)
                          select id, {type}, {body.ToJsonString()}::json, {now} from task returning task_id)
            select pg_notify({Channel}, task_id::text) from line
            """,
            cancellationToken);

    public static Task AppendLogAsync(
        ScaffolderDbContext db, Guid taskId, string message, string? stepId, string? status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["message"] = message };
        if (stepId is not null)
        {
            body["stepId"] = stepId;
        }

        if (status is not null)
        {
            body["status"] = status;
        }

        return AppendAsync(db, taskId, Log, body, now, cancellationToken);
    }
}
