using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>
/// Wakes those who follow a task's log when a line is written, on whichever replica: one LISTEN connection per replica. A lost wake-up costs a
/// follower its polling interval, nothing else.
/// </summary>
internal sealed class TaskNotifications(NpgsqlDataSource dataSource, TimeProvider time, ILogger<TaskNotifications> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Subscription, Guid> _subscriptions = new();

    public Subscription Subscribe(Guid taskId)
    {
        var subscription = new Subscription(this);
        _subscriptions[subscription] = taskId;
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Listening for task events was interrupted: {Error}", e.Message);
                await Task.Delay(RetryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, e) => Wake(e.Payload);
        await using (var listen = new NpgsqlCommand($"listen {TaskEvents.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Wake(string payload)
    {
        if (Guid.TryParse(payload, out var taskId))
        {
            foreach (var (subscription, of) in _subscriptions)
            {
                if (of == taskId)
                {
                    subscription.Signal();
                }
            }
        }
    }

    internal sealed class Subscription(TaskNotifications owner) : IDisposable
    {
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Signal() => _signals.Writer.TryWrite(true);

        /// <summary>Returns on the next signal since the last wait, or after <paramref name="atMost"/>.</summary>
        public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(atMost);
            try
            {
                await _signals.Reader.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Time to look anyway.
            }
        }

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}
