using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Shared.Audit;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Claims tasks and decides how each run of one ends: done, failed, cancelled, or left for another worker.</summary>
internal sealed class TaskRunner(
    IServiceScopeFactory scopes, ActionRegistry actions, TemplateFilters filters, IDataProtectionProvider protection, IAuditTrail audit, TimeProvider time,
    ScratchDirectory scratch, IOptions<ScaffolderOptions> options, IHostApplicationLifetime lifetime, ILogger<TaskRunner> logger) : ITaskRunner
{
    public async Task RunAsync(Guid taskId, CancellationToken cancellationToken)
    {
        await using var lease = await TaskLease.TryClaimAsync(taskId, scopes, options.Value.Tasks, time, cancellationToken);
        if (lease is null)
        {
            return;
        }

        ScaffolderTelemetry.TasksRunning.Add(1);
        using var activity = ScaffolderTelemetry.Activities.StartActivity("scaffolder.task");
        activity?.SetTag("scaffolder.task", taskId);
        try
        {
            await RunClaimedAsync(lease, cancellationToken);
        }
        catch (LeaseLostException)
        {
            logger.LogWarning("Task {TaskId} was given to another worker", taskId);
        }
        finally
        {
            ScaffolderTelemetry.TasksRunning.Add(-1);
        }
    }

    private async Task RunClaimedAsync(TaskLease lease, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping, lease.Lost, lease.Cancelled);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>();
        var task = await db.Tasks.AsNoTracking().SingleAsync(t => t.Id == lease.TaskId, cancellationToken);
        var steps = await db.Steps.AsNoTracking().Where(s => s.TaskId == task.Id).ToListAsync(cancellationToken);
        if (steps.Count > 0)
        {
            ScaffolderTelemetry.TasksRecovered.Add(1);
        }

        var directory = scratch.PathOf($"{task.Id:N}-{lease.Id:N}");
        TaskExecution? execution = null;
        var secrets = new TaskSecrets(protection, null);
        try
        {
            secrets = TaskSecrets.Unprotect(protection, task.ProtectedSecrets);
            if (task.CancelRequested)
            {
                await EndCancelledAsync(task, lease, null);
                return;
            }

            if (task.LeaseCount > options.Value.Tasks.MaxClaimsWithoutProgress)
            {
                var step = steps.FirstOrDefault(s => s.Status == TaskStatuses.Processing)?.StepId ?? "the first step";
                await EndAsync(task, lease, TaskStatuses.Failed, new TaskError("Error", $"Interrupted {task.LeaseCount - 1} times in {step} without progress"), null);
                return;
            }

            var actor = JsonSerializer.Deserialize<Actor>(task.Actor)!;
            var progress = new TaskProgress(scopes, audit, time, task, lease.Id, secrets, actor);
            execution = new TaskExecution(
                task, steps, actor, secrets, progress,
                new Workspace(directory, options.Value.Workspace), actions, filters, scope.ServiceProvider.GetRequiredService<IMessageBus>(), options.Value, logger);
            JsonObject? output;
            TaskError? error;
            try
            {
                (output, error) = await execution.RunAsync(stop.Token);
            }
            catch (ApprovalNeededException e)
            {
                await progress.ParkAsync(e.Approval, stop.Token);
                return;
            }

            await EndAsync(task, lease, error is null ? TaskStatuses.Completed : TaskStatuses.Failed, error, output);
        }
        catch (LeaseLostException)
        {
            throw;
        }
        catch (Exception) when (lease.Lost.IsCancellationRequested)
        {
            throw new LeaseLostException();
        }
        catch (Exception) when (lease.Cancelled.IsCancellationRequested)
        {
            await EndCancelledAsync(task, lease, execution?.CurrentStep);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // This replica stops; another one continues at once.
            await lease.ReleaseAsync();
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            // Nothing is known to be wrong with the task. Its claim runs out, and whoever takes it next continues; too many times without progress park it.
            logger.LogWarning("Task {TaskId} is left for later: {Error}", task.Id, TaskError.From(e, secrets));
        }
        catch (Exception e)
        {
            var error = TaskError.From(e, secrets);
            logger.LogError("Task {TaskId} failed outside its steps: {Error} {Stack}", task.Id, error, e.StackTrace);
            await EndAsync(task, lease, TaskStatuses.Failed, error, null);
        }
        finally
        {
            DeleteDirectory(directory);
        }
    }

    private async Task EndAsync(ScaffolderTask task, TaskLease lease, string status, TaskError? error, JsonObject? output)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<TaskEnding>().EndAsync(task, status, error, output, lease.Id))
        {
            throw new LeaseLostException();
        }
    }

    private async Task EndCancelledAsync(ScaffolderTask task, TaskLease lease, string? stepId)
    {
        if (stepId is not null)
        {
            await using var scope = scopes.CreateAsyncScope();
            var body = new JsonObject { ["message"] = $"Step {stepId} has been cancelled.", ["stepId"] = stepId, ["status"] = TaskStatuses.Cancelled };
            await TaskEvents.AppendAsync(
                scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>(), task.Id, TaskEvents.Cancelled, body, time.GetUtcNow(), default);
        }

        await EndAsync(task, lease, TaskStatuses.Cancelled, new TaskError("Error", "The task was cancelled"), null);
    }

    private void DeleteDirectory(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (IOException e)
        {
            logger.LogWarning("Workspace {Directory} could not be deleted: {Error}", directory, e.Message);
        }
    }
}
