
namespace DevPlatform.AppHost.Embedded;

/// <summary>Keeps one resource as it should be: waits for what it needs, starts it, watches its health, starts it again when it dies.</summary>
internal sealed class ResourceRunner(IResource resource, bool runsToCompletion, TopologyServices services) : IDisposable
{
    private const int MaxFailedStarts = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _command = new(1);
    private readonly ResourceHealth _health = new(resource, services);
    private CancellationTokenSource _wanted = new();
    private Task _running = Task.CompletedTask;
    private ManagedProcess? _process;
    private int _failedStarts;

    public IResource Resource { get; } = resource;

    /// <summary>Starts the resource unless it runs.</summary>
    public Task StartAsync() => ExclusivelyAsync(() =>
    {
        if (_running.IsCompleted)
        {
            _failedStarts = 0;
            _wanted = new();
            _running = Task.Run(() => RunAsync(_wanted.Token));
        }

        return Task.CompletedTask;
    });

    /// <summary>Stops the resource and leaves it stopped.</summary>
    public Task StopAsync(CancellationToken hurry = default) => ExclusivelyAsync(() => StopCoreAsync(hurry));

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Kills the process as a crash would; the supervisor then starts it again.</summary>
    public Task<bool> KillAsync() => ExclusivelyAsync(async () =>
    {
        if (_process is not { } process)
        {
            return false;
        }

        await process.KillAsync();
        await services.Notifications.WaitForResourceAsync(Resource.Name, change => change.Snapshot.ProcessId != process.Id);
        return true;
    });

    /// <summary>Ends the process without ceremony, for good.</summary>
    public async Task AbortAsync()
    {
        await _wanted.CancelAsync();
        if (_process is { } process)
        {
            await process.KillAsync();
        }

        await _running;
    }

    public void Dispose()
    {
        _command.Dispose();
        _wanted.Dispose();
    }

    private async Task StopCoreAsync(CancellationToken hurry)
    {
        await _wanted.CancelAsync();
        if (_process is { } process)
        {
            await PublishAsync(KnownResourceStates.Stopping);
            await process.StopAsync(hurry);
        }

        await _running;
    }

    private async Task RunAsync(CancellationToken wanted)
    {
        try
        {
            while (!wanted.IsCancellationRequested && await RunOnceAsync(wanted))
            {
                await DelayAsync(wanted);
            }
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            await PublishAsync(KnownResourceStates.Exited);
        }
        catch (Exception e)
        {
            var message = e is DistributedApplicationException ? e.Message : e.ToString();
            services.Logs.Write(Resource.Name, message);
            await PublishAsync(KnownResourceStates.FailedToStart, string.Join(' ', message.Split('\n').Take(3)));
        }
    }

    /// <summary>One life of the resource; true when it should have another.</summary>
    private async Task<bool> RunOnceAsync(CancellationToken wanted)
    {
        await PublishAsync(KnownResourceStates.Waiting);
        await services.Dependencies.WaitAsync(Resource, detail => PublishAsync(KnownResourceStates.Waiting, detail), wanted);
        await PublishAsync(KnownResourceStates.Starting);
        var environment = await ResolvedEnvironment.ResolveAsync(Resource, services.Execution, services.Parameters, wanted);
        await PublishAsync(KnownResourceStates.Starting, environment: environment);
        var context = new LaunchContext(environment.Arguments, environment.Variables, Log, services.Launcher, wanted);
        var spec = await Resource.Annotations.OfType<LaunchAnnotation>().Last().PrepareAsync(context);
        if (spec is null)
        {
            await PublishAsync(KnownResourceStates.Running);
            await _health.WatchAsync(() => { }, wanted);
            await PublishAsync(KnownResourceStates.Exited);
            return false;
        }

        using var life = CancellationTokenSource.CreateLinkedTokenSource(wanted);
        await using var process = _process = await services.Launcher.StartAsync(spec, Log);
        if (wanted.IsCancellationRequested)
        {
            await process.StopAsync(CancellationToken.None);
        }

        await PublishAsync(KnownResourceStates.Running, process: process);
        var health = runsToCompletion ? Task.CompletedTask : _health.WatchAsync(() => _failedStarts = 0, life.Token);
        var exitCode = await process.Exited;
        _process = null;
        await life.CancelAsync();
        await health;
        return await AfterExitAsync(exitCode, wanted);
    }

    private async Task<bool> AfterExitAsync(int exitCode, CancellationToken wanted)
    {
        var finished = runsToCompletion && !wanted.IsCancellationRequested;
        await services.Notifications.PublishUpdateAsync(Resource, snapshot => snapshot with
        {
            State = finished && exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
            ExitCode = exitCode,
            ProcessId = null,
            StopTimeStamp = services.Time.GetUtcNow().UtcDateTime,
            Detail = $"exit code {exitCode}",
        });
        if (wanted.IsCancellationRequested)
        {
            return false;
        }

        if (finished)
        {
            return exitCode == 0 ? false : throw new DistributedApplicationException($"ended with exit code {exitCode}");
        }

        if (++_failedStarts > MaxFailedStarts)
        {
            throw new DistributedApplicationException($"ended {_failedStarts} times before it was healthy, last with exit code {exitCode}");
        }

        return true;
    }

    private async Task DelayAsync(CancellationToken wanted)
    {
        var delay = TimeSpan.FromMilliseconds(Math.Min(FirstDelay.TotalMilliseconds * Math.Pow(2, _failedStarts - 1), LongestDelay.TotalMilliseconds));
        services.Logs.Write(Resource.Name, $"ended unexpectedly; starting it again in {delay.TotalSeconds:0.##} s");
        await Task.Delay(delay, services.Time, wanted);
        await services.Notifications.PublishUpdateAsync(Resource, snapshot => snapshot with { Restarts = snapshot.Restarts + 1 });
    }

    private Task PublishAsync(string state, string? detail = null, ResolvedEnvironment? environment = null, ManagedProcess? process = null) =>
        services.Notifications.PublishUpdateAsync(Resource, snapshot => snapshot with
        {
            State = state,
            Detail = detail,
            ProcessId = process?.Id ?? (state == KnownResourceStates.Stopping ? snapshot.ProcessId : null),
            HealthReports = process is null && state != KnownResourceStates.Running ? [] : _health.Pending(),
            StartTimeStamp = state == KnownResourceStates.Running ? services.Time.GetUtcNow().UtcDateTime : snapshot.StartTimeStamp,
            Urls = ResourceLinks.Of(Resource),
            EnvironmentVariables = environment is null ? snapshot.EnvironmentVariables
                : [.. environment.Variables.Keys.Order(StringComparer.Ordinal).Select(name => new EnvironmentVariableSnapshot(name, environment.Masked(name), IsFromSpec: true))],
        });

    private void Log(string line) => services.Logs.Write(Resource.Name, line);

    private async Task ExclusivelyAsync(Func<Task> action) => await ExclusivelyAsync(async () =>
    {
        await action();
        return true;
    });

    private async Task<bool> ExclusivelyAsync(Func<Task<bool>> action)
    {
        await _command.WaitAsync();
        try
        {
            return await action();
        }
        finally
        {
            _command.Release();
        }
    }
}
