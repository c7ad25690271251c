using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Signals;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>Starts a failed task again from the step that failed.</summary>
internal static class RetryTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/tasks/{taskId}/retry", RetryAsync)
            .WithSummary("Run a failed task again from the step that failed")
            .WithDescription("Body: `{ secrets? }`; secrets are gone when a task ends, so send them again. 404 unknown task, 409 not failed, or its approval was refused.")
            .RequirePermission(ScaffolderPermissions.TaskCreate);

    private static async Task<Created<JsonObject>> RetryAsync(
        string taskId, JsonObject? body, HttpContext http, Caller caller, Outbox<ScaffolderDbContext> outbox, IMessageBus bus, IAuditTrail audit,
        IDataProtectionProvider protection, TimeProvider time, IOptions<ScaffolderOptions> options)
    {
        var db = outbox.DbContext;
        var cancellationToken = http.RequestAborted;
        var task = await TaskReading.LoadAsync(http, db, taskId, ScaffolderPermissions.TaskRead);
        if (task.Status != TaskStatuses.Failed)
        {
            throw new ConflictException($"Task {task.Id} cannot be retried: found status \"{task.Status}\"; allowed: {TaskStatuses.Failed}");
        }

        if (task.ApprovalId is { } approval && task.GivenApprovals?.Contains(approval) != true)
        {
            throw new ConflictException($"Task {task.Id} cannot be retried: its approval was refused or ran out; start a new task");
        }

        var now = time.GetUtcNow();
        var secrets = new TaskSecrets(protection, body?["secrets"] as JsonObject).Protect();
        using var turn = await Quotas.TakeTurnAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ReserveAgainAsync(db, bus, options.Value.Guardrails, task, now, cancellationToken);
        var reopened = await db.Tasks.Where(t => t.Id == task.Id && t.Status == TaskStatuses.Failed).ExecuteUpdateAsync(
            t => t.SetProperty(x => x.Status, TaskStatuses.Open)
                .SetProperty(x => x.Error, (string?)null)
                .SetProperty(x => x.FinishedAt, (DateTimeOffset?)null)
                .SetProperty(x => x.CancelRequested, false)
                .SetProperty(x => x.LeaseCount, 0)
                .SetProperty(x => x.QueuedAt, now)
                .SetProperty(x => x.ProtectedSecrets, secrets),
            cancellationToken);
        if (reopened == 0)
        {
            throw new ConflictException($"Task {task.Id} cannot be retried: somebody else just did");
        }

        // Finished steps count only while their workspace and outputs are there, readable with the secrets that the task has now.
        var keepFinished = secrets is null && await db.Workspaces.AnyAsync(w => w.TaskId == task.Id, cancellationToken);
        await db.Steps.Where(s => s.TaskId == task.Id && (!keepFinished || s.Status != TaskStatuses.Completed)).ExecuteDeleteAsync(cancellationToken);
        if (!keepFinished)
        {
            await db.Workspaces.Where(w => w.TaskId == task.Id).ExecuteDeleteAsync(cancellationToken);
        }

        await TaskEvents.AppendAsync(
            db, task.Id, TaskEvents.Recovered, new JsonObject { ["message"] = "Task was retried", ["recoverStrategy"] = "none" }, now, cancellationToken);
        await db.TellChangedAsync(ChangeSignals.Tasks, [task.CreatedBy], cancellationToken);
        await outbox.PublishAsync(new RunTask(task.Id));
        await outbox.PublishAsync(audit.Event(
            caller.ToActor(), "scaffolder.task.retry", $"task:{task.Id}", AuditResult.Success, taskId: task.Id.ToString()));
        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        return TypedResults.Created($"/api/scaffolder/v2/tasks/{task.Id}", new JsonObject { ["id"] = task.Id.ToString() });
    }

    private static async Task ReserveAgainAsync(
        ScaffolderDbContext db, IMessageBus bus, GuardrailOptions options, ScaffolderTask task, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ProvisioningRequest.FromJson(task.Request) is not { } request)
        {
            return;
        }

        RequestGuardrails.Require(options, request);
        var kept = await db.QuotaReservations.Where(r => r.TaskId == task.Id)
            .ExecuteUpdateAsync(r => r.SetProperty(x => x.ExpiresAt, (DateTimeOffset?)null), cancellationToken);
        if (kept == 0 && task.Commit is null)
        {
            await Quotas.ReserveAsync(db, bus, options, request, task.Id, now, cancellationToken);
        }
    }
}
