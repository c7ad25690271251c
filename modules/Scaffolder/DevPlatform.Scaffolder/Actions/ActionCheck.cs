using Microsoft.Extensions.Hosting;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>Makes the registry at start, so that an action which leaves something undeclared stops start-up and not the first task.</summary>
internal sealed class ActionCheck(ActionRegistry registry) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
