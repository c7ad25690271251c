using System.Runtime.InteropServices;

namespace DevPlatform.AppHost.Demo;

/// <summary>The <c>demo</c> verb: start the topology, walk the main job, stop. The exit code is 0 only when every step worked.</summary>
internal static class DemoVerb
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(DistributedApplication app, EndpointReference api, EndpointReference keycloak)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopInstead);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopInstead);
        Environment.ExitCode = 1;
        try
        {
            await StartAsync(app, stop.Token);
            if (await new MainJob(new Uri(api.Url), new Uri(keycloak.Url), Console.Out).RunAsync(stop.Token))
            {
                Environment.ExitCode = 0;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted.");
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        finally
        {
            await app.DisposeAsync();
        }

        void StopInstead(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task StartAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        await app.StartAsync(limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token);
        await Console.Out.WriteLineAsync($"The topology is up after {started.Elapsed.TotalSeconds:0.0} s.");
    }
}
