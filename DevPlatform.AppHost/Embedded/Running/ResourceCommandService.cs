using DevPlatform.AppHost.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Commands on a running resource: <c>start</c>, <c>stop</c>, <c>restart</c>, and <c>kill</c> (as a crash would).</summary>
public sealed class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    /// <summary>The names of the commands, in the order they are offered.</summary>
    public static IReadOnlyList<string> Commands { get; } = ["start", "stop", "restart", "kill"];

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_orchestrator.Find(resourceId) is not { } runner)
        {
            return CommandResults.Failure($"There is no resource '{resourceId}'; there are {string.Join(", ", _orchestrator.Runners.Select(known => known.Resource.Name))}.");
        }

        switch (commandName)
        {
            case "start":
                await runner.StartAsync();
                return CommandResults.Success();
            case "stop":
                await runner.StopAsync(cancellationToken);
                return CommandResults.Success();
            case "restart":
                await runner.RestartAsync();
                return CommandResults.Success();
            case "kill":
                return await runner.KillAsync() ? CommandResults.Success() : CommandResults.Failure($"'{resourceId}' has no process now.");
            default:
                return CommandResults.Failure($"There is no command '{commandName}'; there are {string.Join(", ", Commands)}.");
        }
    }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public string? Message { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };
}
