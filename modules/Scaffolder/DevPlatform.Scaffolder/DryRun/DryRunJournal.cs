using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Tasks;

namespace DevPlatform.Scaffolder.DryRun;

/// <summary>The log of a dry run; nothing of it is stored.</summary>
internal sealed class DryRunJournal(TaskSecrets secrets, TimeProvider time) : ITaskJournal
{
    private const int LongestLog = 10_000;
    private readonly List<JsonObject> _lines = [];

    /// <summary>In order; bodies as events have them.</summary>
    public JsonArray Lines
    {
        get
        {
            lock (_lines)
            {
                return new JsonArray([.. _lines.Select(line => new JsonObject { ["body"] = line.DeepClone() })]);
            }
        }
    }

    public Task<DateTimeOffset> BeginAsync(StepSpec step, CancellationToken cancellationToken)
    {
        Write($"Beginning step {step.Name}", step.Id, TaskStatuses.Processing);
        return Task.FromResult(time.GetUtcNow());
    }

    public Task SkipAsync(StepSpec step, string message, CancellationToken cancellationToken) => Add(message, step.Id, TaskStatuses.Skipped);

    public Task CompleteAsync(StepSpec step, JsonObject output, Workspace workspace, string? commit, CancellationToken cancellationToken) =>
        Add($"Finished step {step.Name}", step.Id, TaskStatuses.Completed);

    public Task FailAsync(StepSpec step, TaskError error, CancellationToken cancellationToken) => Add(error.ToString(), step.Id, TaskStatuses.Failed);

    public Task LogAsync(string message, string? stepId, CancellationToken cancellationToken) => Add(message, stepId, null);

    public Task<bool> TryClaimEffectAsync(string key, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ParkAsync(PendingApproval approval, CancellationToken cancellationToken) => throw new InvalidOperationException("A dry run asks nobody");

    public Task RestoreWorkspaceAsync(Workspace workspace, CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Add(string message, string? stepId, string? status)
    {
        Write(message, stepId, status);
        return Task.CompletedTask;
    }

    private void Write(string message, string? stepId, string? status)
    {
        var body = new JsonObject();
        if (stepId is not null)
        {
            body["stepId"] = stepId;
        }

        if (status is not null)
        {
            body["status"] = status;
        }

        body["message"] = secrets.MaskText(message);
        lock (_lines)
        {
            if (_lines.Count < LongestLog)
            {
                _lines.Add(body);
            }
        }
    }
}
