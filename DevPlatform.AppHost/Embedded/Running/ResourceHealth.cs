using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Runs a resource's checks while it lives: often until they pass, then now and then.</summary>
internal sealed class ResourceHealth(IResource resource, TopologyServices services)
{
    private static readonly TimeSpan WhileStarting = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(3);

    // Nothing says whether a resource without checks is well, except that it stays.
    private static readonly TimeSpan ProvenUnchecked = TimeSpan.FromSeconds(5);

    private IEnumerable<HealthCheckAnnotation> Checks => resource.Annotations.OfType<HealthCheckAnnotation>();

    public ImmutableArray<HealthReportSnapshot> Pending() => [.. Checks.Select(check => new HealthReportSnapshot(check.Key, null, "not checked yet", null))];

    /// <summary>Returns when <paramref name="life"/> ends; calls <paramref name="healthy"/> whenever all is well.</summary>
    public async Task WatchAsync(Action healthy, CancellationToken life)
    {
        var started = services.Time.GetTimestamp();
        try
        {
            while (true)
            {
                var reports = await CheckAsync(life);
                await services.Notifications.PublishUpdateAsync(resource, snapshot =>
                    snapshot.State?.Text != KnownResourceStates.Running || life.IsCancellationRequested ? snapshot
                        : snapshot with { HealthReports = reports, Detail = reports.FirstOrDefault(report => report.Status == HealthStatus.Unhealthy)?.Description });
                var well = reports.All(report => report.Status == HealthStatus.Healthy);
                if (well && (Checks.Any() || services.Time.GetElapsedTime(started) > ProvenUnchecked))
                {
                    healthy();
                }

                await Task.Delay(well ? WhileHealthy : WhileStarting, services.Time, life);
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // The life of the process has ended, and with it the watch.
        }
    }

    private async Task<ImmutableArray<HealthReportSnapshot>> CheckAsync(CancellationToken life) =>
        [.. await Task.WhenAll(Checks.Select(async check =>
        {
            var problem = await check.Check(life);
            return new HealthReportSnapshot(check.Key, problem is null ? HealthStatus.Healthy : HealthStatus.Unhealthy, problem, null);
        }))];
}
