using Microsoft.Extensions.Hosting;

namespace DevPlatform.Shared.Hosting;

/// <summary>A background service whose work begins a moment after the host has started, so that the first requests need not share the processor with it.</summary>
public abstract class AfterStartService : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _hostStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _hostStarted.TrySetResult();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The work; ends when the host stops.</summary>
    protected abstract Task ExecuteAfterStartAsync(CancellationToken stoppingToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _hostStarted.Task.WaitAsync(stoppingToken);
        await Task.Delay(Moment, stoppingToken);
        await ExecuteAfterStartAsync(stoppingToken);
    }
}
