using System.Text.Json;
using DevPlatform.Access.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>A parked task goes on, or ends, as its approvers decided. A redelivered decision changes nothing.</summary>
public static class ApprovalDecidedHandler
{
    public static async Task HandleAsync(
        ApprovalDecided decided, Outbox<ScaffolderDbContext> outbox, TaskEnding ending, IAuditTrail audit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (decided.SubjectType != TaskCreation.SubjectType)
        {
            return;
        }

        var task = await outbox.DbContext.Tasks.AsNoTracking()
            .SingleOrDefaultAsync(t => t.ApprovalId == decided.ApprovalId && t.Status == TaskStatuses.AwaitingApproval, cancellationToken);
        if (task is null)
        {
            return;
        }

        var deciders = string.Join(", ", decided.DecidedBy);
        if (decided.Decision != "approved")
        {
            var message = decided.Decision == "denied"
                ? $"The request was denied by {deciders}: {decided.Comment ?? "no reason given"}"
                : "The request was not decided in time";
            await ending.EndAsync(task, TaskStatuses.Failed, new TaskError("NotAllowedError", message), null, null, cancellationToken: cancellationToken);
            return;
        }

        var now = time.GetUtcNow();
        var approvers = (task.ApprovedBy ?? []).Union(decided.DecidedBy, StringComparer.Ordinal).ToArray();
        var roles = (task.ApprovedRoles ?? []).Union(task.AwaitedRoles ?? [], StringComparer.Ordinal).ToArray();
        Guid[] given = [.. task.GivenApprovals ?? [], decided.ApprovalId];
        await using var transaction = await outbox.DbContext.Database.BeginTransactionAsync(cancellationToken);
        var opened = await outbox.DbContext.Tasks
            .Where(t => t.Id == task.Id && t.Status == TaskStatuses.AwaitingApproval)
            .ExecuteUpdateAsync(
                t => t.SetProperty(x => x.Status, TaskStatuses.Open)
                    .SetProperty(x => x.ApprovedBy, approvers)
                    .SetProperty(x => x.ApprovedRoles, roles)
                    .SetProperty(x => x.GivenApprovals, given)
                    .SetProperty(x => x.QueuedAt, now),
                cancellationToken);
        if (opened == 0)
        {
            return;
        }

        var waited = await outbox.DbContext.Steps.Where(s => s.TaskId == task.Id && s.Status == TaskStatuses.Processing).Select(s => s.StepId).FirstOrDefaultAsync(cancellationToken);
        await TaskEvents.AppendLogAsync(
            outbox.DbContext, task.Id, $"Approved by {deciders}{(decided.Comment is { Length: > 0 } comment ? $": {comment}" : "")}", waited ?? TaskSpec.Parse(task.Spec).FirstStepId, null, now,
            cancellationToken);
        await outbox.DbContext.TellChangedAsync(ChangeSignals.Tasks, [task.CreatedBy], cancellationToken);
        await outbox.PublishAsync(new RunTask(task.Id));
        await outbox.PublishAsync(audit.Event(
            JsonSerializer.Deserialize<Actor>(task.Actor)!, "scaffolder.task.approved", $"task:{task.Id}", AuditResult.Success, $"Approved by {deciders}", task.Id.ToString()));
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
    }
}
