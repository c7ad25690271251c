using Microsoft.Extensions.Hosting;

namespace DevPlatform.Shared.Hosting;

/// <summary>A background service whose work begins when the host has started, so that it does not delay the first request.</summary>
public abstract class AfterStartService : BackgroundService, IHostedLifecycleService
{
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
        await ExecuteAfterStartAsync(stoppingToken);
    }
}
