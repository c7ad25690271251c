using Wolverine.Attributes;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// Command to this module: run a task, or continue it. Durable; sent in the transaction that makes the task runnable, and again by the sweep for
/// a task whose worker went silent. Harmless when the task is taken or done.
/// </summary>
/// <param name="TaskId">The task.</param>
public sealed record RunTask(Guid TaskId);

/// <summary>Runs tasks; one replica at a time runs a given task.</summary>
public interface ITaskRunner
{
    /// <summary>Claims the task and runs it to its end; returns at once when there is nothing to claim.</summary>
    Task RunAsync(Guid taskId, CancellationToken cancellationToken);
}

public static class RunTaskHandler
{
    // Steps have their own time limits; the message has none worth the name.
    [MessageTimeout(24 * 60 * 60)]
    public static Task HandleAsync(RunTask message, ITaskRunner runner, CancellationToken cancellationToken) =>
        runner.RunAsync(message.TaskId, cancellationToken);
}
