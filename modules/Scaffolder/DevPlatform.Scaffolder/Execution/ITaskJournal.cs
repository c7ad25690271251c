using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Tasks;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Where a run writes down how far it is: the database for a task, memory for a dry run.</summary>
internal interface ITaskJournal
{
    /// <summary>Marks a step as begun; returns when it first began, on whichever worker.</summary>
    Task<DateTimeOffset> BeginAsync(StepSpec step, CancellationToken cancellationToken);

    Task SkipAsync(StepSpec step, string message, CancellationToken cancellationToken);

    /// <summary>Marks a step as done, with its outputs, the workspace and the commit it may have made.</summary>
    Task CompleteAsync(StepSpec step, JsonObject output, Workspace workspace, string? commit, CancellationToken cancellationToken);

    Task FailAsync(StepSpec step, TaskError error, CancellationToken cancellationToken);

    /// <summary>One line of the log, at once.</summary>
    Task LogAsync(string message, string? stepId, CancellationToken cancellationToken);

    /// <summary>Writes down that an outside effect is about to be made; false when it was already, by this run or an interrupted one.</summary>
    Task<bool> TryClaimEffectAsync(string key, CancellationToken cancellationToken);

    /// <summary>Ends the run until people have decided; the same worker or another continues with the same step.</summary>
    Task ParkAsync(PendingApproval approval, CancellationToken cancellationToken);

    /// <summary>Brings back the workspace as the last finished step left it.</summary>
    Task RestoreWorkspaceAsync(Workspace workspace, CancellationToken cancellationToken);
}
