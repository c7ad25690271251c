using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Waits for what a resource waits for, and fails when that will never come.</summary>
internal sealed class Dependencies(ResourceNotificationService notifications)
{
    public async Task WaitAsync(IResource resource, Func<string, Task> waitingFor, CancellationToken cancellationToken)
    {
        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            await waitingFor($"waits for {wait.Resource.Name}");
            var reached = await notifications.WaitForResourceAsync(wait.Resource.Name, change => IsDecided(wait, change.Snapshot), cancellationToken);
            if (!IsMet(wait, reached.Snapshot))
            {
                throw new DistributedApplicationException($"not started, because {wait.Resource.Name} failed: {reached.Snapshot.Detail}");
            }
        }
    }

    private static bool IsDecided(WaitAnnotation wait, CustomResourceSnapshot snapshot) =>
        IsMet(wait, snapshot)
        || snapshot.State?.Text == KnownResourceStates.FailedToStart
        || (wait.WaitType == WaitType.WaitForCompletion && KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text));

    private static bool IsMet(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilHealthy => snapshot.HealthStatus == HealthStatus.Healthy,
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text) && snapshot.ExitCode == wait.ExitCode,
    };
}
