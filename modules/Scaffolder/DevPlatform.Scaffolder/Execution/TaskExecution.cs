using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Actions.Fetch;
using DevPlatform.Scaffolder.DryRun;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templating;
using Microsoft.Extensions.Logging;
using Wolverine;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>One run of a task by one worker, from its last finished step to its end.</summary>
internal sealed class TaskExecution(
    ScaffolderTask task, IReadOnlyList<TaskStep> done, Actor actor, TaskSecrets secrets, ITaskJournal journal, Workspace workspace,
    ActionRegistry actions, TemplateFilters filters, IMessageBus bus, ScaffolderOptions options, ILogger logger)
{
    private readonly TaskSpec _spec = TaskSpec.Parse(task.Spec);
    private readonly ProvisioningRequest? _request = ProvisioningRequest.FromJson(task.Request);
    private readonly BoundedLog _log = new(journal, secrets);

    /// <summary>The files beside the template of a dry run; null for a real task.</summary>
    public IReadOnlyList<FetchedFile>? DryRunFiles { get; init; }

    /// <summary>The step that runs now.</summary>
    public string? CurrentStep { get; private set; }

    /// <summary>Runs what is left; returns the outputs, or the error of the first step that failed.</summary>
    public async Task<(JsonObject? Output, TaskError? Error)> RunAsync(CancellationToken cancellationToken)
    {
        var expressions = new StepExpressions(task.Id, _spec, secrets, filters, cancellationToken);
        var error = TaskError.Parse(task.Error);
        expressions.Failed = error is not null;
        await AnnounceAsync(cancellationToken);
        await journal.RestoreWorkspaceAsync(workspace, cancellationToken);
        var runner = new StepRunner(actions, expressions, options.Tasks.StepTimeout, CreateContext);
        foreach (var step in _spec.Steps)
        {
            var row = done.FirstOrDefault(s => s.StepId == step.Id);
            if (row?.Status == TaskStatuses.Completed)
            {
                expressions.SetOutput(step.Id, Output(row));
                continue;
            }

            if (row?.Status is TaskStatuses.Skipped or TaskStatuses.Failed)
            {
                continue;
            }

            CurrentStep = step.Id;
            error = await RunStepAsync(step, runner, expressions, cancellationToken) ?? error;
            expressions.Failed = error is not null;
            CurrentStep = null;
        }

        if (error is not null)
        {
            return (null, error);
        }

        try
        {
            return (secrets.MaskJson(TaskOutput.Render(_spec.Output, expressions)) as JsonObject, null);
        }
        catch (TemplateException e)
        {
            return (null, TaskError.From(e, secrets));
        }
    }

    private async Task<TaskError?> RunStepAsync(StepSpec step, StepRunner runner, StepExpressions expressions, CancellationToken cancellationToken)
    {
        try
        {
            if (expressions.Failed && !expressions.AsksForStatus(step.If))
            {
                await journal.SkipAsync(step, $"Skipping step {step.Id} because a previous step failed", cancellationToken);
                return null;
            }

            var startedAt = await journal.BeginAsync(step, cancellationToken);
            // With each, the condition is asked for every item.
            if (step.Each is null && step.If is not null && !expressions.Holds(step.If))
            {
                await journal.SkipAsync(step, $"Skipping step {step.Id} because its if condition was false", cancellationToken);
                return null;
            }

            if (DryRunFiles is not null && actions.Find(step.Action)?.Definition is { SupportsDryRun: false } unsupported)
            {
                await journal.SkipAsync(step, $"Skipping because {step.Action} does not support dry-run", cancellationToken);
                expressions.SetOutput(step.Id, ExampleOutput.Of(unsupported.OutputSchema!));
                return null;
            }

            var (output, commit) = await runner.RunAsync(step, startedAt, cancellationToken);
            await journal.CompleteAsync(step, output, workspace, commit, cancellationToken);
            expressions.SetOutput(step.Id, output);
            return null;
        }
        catch (Exception e) when (e is not LeaseLostException and not ApprovalNeededException && !StorageFailure.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            var error = TaskError.From(e, secrets);
            // Not the exception itself: its text may hold a secret.
            logger.LogWarning("Task {TaskId}, step {StepId} failed: {Error}", task.Id, step.Id, error);
            await journal.FailAsync(step, error, cancellationToken);
            return error;
        }
    }

    private Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var finished = done.Count(s => s.Status is TaskStatuses.Completed or TaskStatuses.Skipped or TaskStatuses.Failed);
        return journal.LogAsync(
            done.Count == 0
                ? $"Starting up task with {_spec.Steps.Count} steps"
                : $"Continuing after an interruption: {finished} of {_spec.Steps.Count} steps are done",
            null,
            cancellationToken);
    }

    private ActionContext CreateContext(ActionInvocation invocation) => new()
    {
        TaskId = task.Id,
        TaskCreatedAt = task.CreatedAt,
        StepKey = invocation.StepKey,
        StepStartedAt = invocation.StepStartedAt,
        Input = invocation.Input,
        Spec = _spec,
        Actor = actor,
        OwnershipRefs = TaskActor.OwnershipRefs(task.Actor),
        Secrets = secrets,
        Workspace = workspace,
        Request = _request,
        ApprovedBy = task.ApprovedBy ?? [],
        ApprovedRoles = task.ApprovedRoles ?? [],
        GivenApprovals = task.GivenApprovals ?? [],
        TryClaimEffectAsync = () => journal.TryClaimEffectAsync(invocation.StepKey, CancellationToken.None),
        Bus = bus,
        DryRunFiles = DryRunFiles,
        Commit = task.Commit,
        LogAsync = message => _log.WriteAsync(message, StepIdOf(invocation.StepKey)),
    };

    private static string StepIdOf(string stepKey) => stepKey.Split('[')[0];

    private JsonObject Output(TaskStep row) =>
        row.Output is null ? [] : JsonNode.Parse(secrets.UnprotectText(row.Output)) as JsonObject ?? [];
}
