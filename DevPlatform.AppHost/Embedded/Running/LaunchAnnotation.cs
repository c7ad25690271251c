namespace DevPlatform.AppHost.Embedded;

/// <summary>How a resource becomes a process. Returning null means that there is none: the work was the preparation itself.</summary>
internal sealed class LaunchAnnotation(Func<LaunchContext, Task<ProcessSpec?>> prepare) : IResourceAnnotation
{
    public Func<LaunchContext, Task<ProcessSpec?>> PrepareAsync { get; } = prepare;
}

/// <summary>What the host resolved for a resource before launching it.</summary>
internal sealed record LaunchContext(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    Action<string> Log,
    ProcessLauncher Launcher,
    CancellationToken CancellationToken);

/// <summary>A process to start.</summary>
internal sealed record ProcessSpec(
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Run as this user; only root can.</summary>
    public PosixUser? User { get; init; }

    /// <summary>Asks for a graceful end.</summary>
    public PosixSignalNumber StopSignal { get; init; } = PosixSignalNumber.Terminate;

    /// <summary>Sent when the host dies without stopping it.</summary>
    public PosixSignalNumber DeathSignal { get; init; } = PosixSignalNumber.Kill;

    /// <summary>How long a graceful end may take. The API may drain its requests for 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(35);
}
