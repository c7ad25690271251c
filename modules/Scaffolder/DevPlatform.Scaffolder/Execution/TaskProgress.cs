using System.Text.Json.Nodes;
using DevPlatform.Access.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// What a worker writes down, each time in one transaction that first proves that the worker still has the task: after a crash at any
/// instruction the database says exactly which steps are done, with what outputs and which workspace.
/// </summary>
internal sealed class TaskProgress(IServiceScopeFactory scopes, IAuditTrail audit, TimeProvider time, ScaffolderTask task, Guid leaseId, TaskSecrets secrets, Actor actor)
    : ITaskJournal
{
    private string? _workspaceHash;

    public async Task<DateTimeOffset> BeginAsync(StepSpec step, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        await FencedAsync(
            async outbox =>
            {
                var now = time.GetUtcNow();
                var rows = await outbox.DbContext.Database.SqlQuery<DateTimeOffset>(
                    $"""
                    insert into scaffolder.task_steps (task_id, step_id, status, started_at, attempts)
                    values ({task.Id}, {step.Id}, 'processing', {now}, 1)
                    on conflict (task_id, step_id) do update set status = 'processing', attempts = task_steps.attempts + 1
                    returning started_at as "Value"
                    """).ToListAsync(cancellationToken);
                startedAt = rows[0];
                await LogAsync(outbox.DbContext, $"Beginning step {step.Name}", step.Id, TaskStatuses.Processing, cancellationToken);
            },
            cancellationToken);
        return startedAt;
    }

    public Task SkipAsync(StepSpec step, string message, CancellationToken cancellationToken) => FencedAsync(
        async outbox =>
        {
            var now = time.GetUtcNow();
            await outbox.DbContext.Database.ExecuteSqlAsync(
                $"""
                insert into scaffolder.task_steps (task_id, step_id, status, started_at, finished_at, attempts)
                values ({task.Id}, {step.Id}, 'skipped', {now}, {now}, 0)
                on conflict (task_id, step_id) do update set status = 'skipped', finished_at = {now}
                """,
                cancellationToken);
            await LogAsync(outbox.DbContext, message, step.Id, TaskStatuses.Skipped, cancellationToken);
        },
        cancellationToken);

    public async Task CompleteAsync(StepSpec step, JsonObject output, Workspace workspace, string? commit, CancellationToken cancellationToken)
    {
        var (archive, hash) = await WorkspaceSnapshot.PackAsync(workspace, cancellationToken);
        await FencedAsync(
            async outbox =>
            {
                var db = outbox.DbContext;
                var now = time.GetUtcNow();
                var stored = secrets.ProtectText(output.ToJsonString());
                await db.Steps.Where(s => s.TaskId == task.Id && s.StepId == step.Id).ExecuteUpdateAsync(
                    s => s.SetProperty(x => x.Status, TaskStatuses.Completed).SetProperty(x => x.FinishedAt, now).SetProperty(x => x.Output, stored),
                    cancellationToken);
                await db.Tasks.Where(t => t.Id == task.Id).ExecuteUpdateAsync(
                    t => t.SetProperty(x => x.LeaseCount, 0).SetProperty(x => x.Commit, x => commit ?? x.Commit), cancellationToken);
                if (hash != _workspaceHash)
                {
                    var content = secrets.ProtectBytes(archive);
                    await db.Database.ExecuteSqlAsync(
                        $"""
                        insert into scaffolder.task_workspaces (task_id, content, hash) values ({task.Id}, {content}, {hash})
                        on conflict (task_id) do update set content = excluded.content, hash = excluded.hash
                        """,
                        cancellationToken);
                }

                await LogAsync(db, $"Finished step {step.Name}", step.Id, TaskStatuses.Completed, cancellationToken);
                if (commit is not null && commit != task.Commit)
                {
                    await outbox.PublishAsync(audit.Event(
                        actor, "scaffolder.task.commit", $"task:{task.Id}", AuditResult.Success, taskId: task.Id.ToString(), commit: commit));
                }
            },
            cancellationToken);
        _workspaceHash = hash;
        task.Commit = commit ?? task.Commit;
    }

    public Task FailAsync(StepSpec step, TaskError error, CancellationToken cancellationToken) => FencedAsync(
        async outbox =>
        {
            var now = time.GetUtcNow();
            var serialized = error.Serialize();
            await outbox.DbContext.Steps.Where(s => s.TaskId == task.Id && s.StepId == step.Id).ExecuteUpdateAsync(
                s => s.SetProperty(x => x.Status, TaskStatuses.Failed).SetProperty(x => x.FinishedAt, now), cancellationToken);
            await outbox.DbContext.Tasks.Where(t => t.Id == task.Id).ExecuteUpdateAsync(
                t => t.SetProperty(x => x.Error, serialized).SetProperty(x => x.LeaseCount, 0), cancellationToken);
            await LogAsync(outbox.DbContext, error.ToString(), step.Id, TaskStatuses.Failed, cancellationToken);
        },
        cancellationToken);

    // Lines of actions need no proof of the claim: they change nothing.
    public async Task LogAsync(string message, string? stepId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await LogAsync(scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>(), message, stepId, null, cancellationToken);
    }

    public async Task<bool> TryClaimEffectAsync(string key, CancellationToken cancellationToken)
    {
        var claimed = 0;
        await FencedAsync(
            async outbox => claimed = await outbox.DbContext.Database.ExecuteSqlAsync(
                $"insert into scaffolder.task_effects (task_id, key, created_at) values ({task.Id}, {key}, {time.GetUtcNow()}) on conflict do nothing", cancellationToken),
            cancellationToken);
        return claimed == 1;
    }

    public Task ParkAsync(PendingApproval approval, CancellationToken cancellationToken) => FencedAsync(
        async outbox =>
        {
            await outbox.DbContext.Tasks.Where(t => t.Id == task.Id).ExecuteUpdateAsync(
                t => t.SetProperty(x => x.Status, TaskStatuses.AwaitingApproval)
                    .SetProperty(x => x.ApprovalId, approval.Id)
                    .SetProperty(x => x.AwaitedRoles, approval.Roles.ToArray())
                    .SetProperty(x => x.LeaseId, (Guid?)null)
                    .SetProperty(x => x.LeaseCount, 0),
                cancellationToken);
            await LogAsync(outbox.DbContext, $"{approval.Reason}; waiting", approval.StepId, null, cancellationToken);
            await outbox.PublishAsync(new RequestApproval(
                approval.Id, TaskCreation.SubjectType, task.Id.ToString(), secrets.MaskText(approval.Title), secrets.MaskText(approval.Reason), actor, approval.Roles,
                approval.ResourceRef, task.Environment));
            await outbox.DbContext.TellChangedAsync(ChangeSignals.Tasks, [task.CreatedBy], cancellationToken);
            await outbox.PublishAsync(new TaskStatusChanged(task.Id, TaskStatuses.AwaitingApproval, task.CreatedBy, task.TemplateRef, task.Commit));
            await outbox.PublishAsync(audit.Event(
                actor, "scaffolder.task.await-approval", $"task:{task.Id}", AuditResult.Success, secrets.MaskText(approval.Reason), task.Id.ToString()));
        },
        cancellationToken);

    public async Task RestoreWorkspaceAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>().Workspaces.AsNoTracking()
            .SingleOrDefaultAsync(w => w.TaskId == task.Id, cancellationToken);
        if (stored is not null)
        {
            await WorkspaceSnapshot.UnpackAsync(secrets.UnprotectBytes(stored.Content), workspace, cancellationToken);
            _workspaceHash = stored.Hash;
        }
    }

    private Task LogAsync(ScaffolderDbContext db, string message, string? stepId, string? status, CancellationToken cancellationToken) =>
        TaskEvents.AppendLogAsync(db, task.Id, secrets.MaskText(message), stepId, status, time.GetUtcNow(), cancellationToken);

    private async Task FencedAsync(Func<Outbox<ScaffolderDbContext>, Task> write, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox<ScaffolderDbContext>>();
        await using var transaction = await outbox.DbContext.Database.BeginTransactionAsync(cancellationToken);
        var held = await outbox.DbContext.Database.ExecuteSqlAsync(
            $"update scaffolder.tasks set last_heartbeat_at = clock_timestamp() where id = {task.Id} and lease_id = {leaseId}", cancellationToken);
        if (held == 0)
        {
            throw new LeaseLostException();
        }

        await write(outbox);
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
    }
}
