using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// Ends a task in one transaction: state, last event, secrets and workspace gone, quota slot released, audit and event published. Whoever comes
/// second (a worker that finished while the task was cancelled) changes nothing.
/// </summary>
public sealed class TaskEnding(
    Outbox<ScaffolderDbContext> outbox, IAuditTrail audit, TimeProvider time, IOptions<ScaffolderOptions> options)
{
    /// <summary>False when the task had ended, or is not the caller's to end.</summary>
    /// <param name="task">The task as last read.</param>
    /// <param name="status">completed, failed or cancelled.</param>
    /// <param name="error">Why, unless it completed; masked.</param>
    /// <param name="output">The task's outputs, if it completed; masked.</param>
    /// <param name="leaseId">The worker's claim; null for a task that nobody runs.</param>
    /// <param name="by">Who ended it, where that is not the task's own actor.</param>
    /// <param name="cancellationToken">Stops before anything is changed.</param>
    internal async Task<bool> EndAsync(
        ScaffolderTask task, string status, TaskError? error, JsonObject? output, Guid? leaseId, Actor? by = null, CancellationToken cancellationToken = default)
    {
        var db = outbox.DbContext;
        var now = time.GetUtcNow();
        var hadSecrets = task.ProtectedSecrets is not null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var serializedError = error?.Serialize();
        var ended = await db.Tasks
            .Where(t => t.Id == task.Id && t.LeaseId == leaseId
                && (t.Status == TaskStatuses.Open || t.Status == TaskStatuses.Processing || t.Status == TaskStatuses.AwaitingApproval))
            .ExecuteUpdateAsync(
                t => t.SetProperty(x => x.Status, status)
                    .SetProperty(x => x.FinishedAt, now)
                    .SetProperty(x => x.LeaseId, (Guid?)null)
                    .SetProperty(x => x.Error, serializedError)
                    .SetProperty(x => x.ProtectedSecrets, (string?)null),
                cancellationToken);
        if (ended == 0)
        {
            return false;
        }

        var body = new JsonObject { ["message"] = $"Run completed with status: {status}" };
        body[error is null ? "output" : "error"] = error?.ToJson() ?? output ?? [];
        await TaskEvents.AppendAsync(db, task.Id, TaskEvents.Completion, body, now, cancellationToken);
        // A failed task can be tried again from where it stopped, unless its workspace and outputs were encrypted for its lifetime.
        if (status != TaskStatuses.Failed || hadSecrets)
        {
            await db.Workspaces.Where(w => w.TaskId == task.Id).ExecuteDeleteAsync(cancellationToken);
            await db.Steps.Where(s => s.TaskId == task.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Output, (string?)null), cancellationToken);
        }

        await Quotas.ReleaseAsync(
            db, options.Value.Guardrails, task.Id, task.Commit is not null, status == TaskStatuses.Completed, now, cancellationToken);
        await db.TellChangedAsync(ChangeSignals.Tasks, [task.CreatedBy], cancellationToken);
        await outbox.PublishAsync(new TaskStatusChanged(task.Id, status, task.CreatedBy, task.TemplateRef, task.Commit));
        var actor = by ?? JsonSerializer.Deserialize<Actor>(task.Actor)!;
        var (action, result) = status switch
        {
            TaskStatuses.Completed => ("scaffolder.task.complete", AuditResult.Success),
            TaskStatuses.Cancelled => ("scaffolder.task.cancel", AuditResult.Success),
            _ => ("scaffolder.task.fail", AuditResult.Failure),
        };
        await outbox.PublishAsync(audit.Event(actor, action, $"task:{task.Id}", result, error?.Message, task.Id.ToString(), task.Commit));
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        ScaffolderTelemetry.TasksFinished.Add(1, new("template", task.TemplateRef), new("status", status));
        return true;
    }
}
