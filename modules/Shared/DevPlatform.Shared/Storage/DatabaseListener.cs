using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Shared.Storage;

/// <summary>
/// Hears what any replica says with <c>pg_notify</c>, on a connection of its own that is opened again when it breaks. What was said meanwhile is
/// lost, so <see cref="CatchUpAsync"/> runs after each connect.
/// </summary>
public abstract class DatabaseListener(NpgsqlDataSource dataSource, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);

    /// <summary>The platform's database.</summary>
    protected NpgsqlDataSource DataSource => dataSource;

    /// <summary>PostgreSQL's name of the channel.</summary>
    protected abstract string Channel { get; }

    /// <summary>Handles what was said; runs on the listening connection's thread, so it must not wait.</summary>
    protected abstract void Received(string payload);

    /// <summary>Reads what may have been missed; notifications that come meanwhile are handled after it.</summary>
    protected virtual Task CatchUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Listening on {Channel} was interrupted: {Error}", Channel, e.Message);
                await Task.Delay(RetryDelay, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        connection.Notification += (_, e) => Received(e.Payload);
        await using var listen = new NpgsqlCommand($"listen {Channel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        await CatchUpAsync(cancellationToken);
        await using var probe = new NpgsqlCommand("select 1", connection);
        while (true)
        {
            // A connection that a firewall dropped says nothing; asking finds out.
            if (!await connection.WaitAsync(ProbeInterval, cancellationToken))
            {
                await probe.ExecuteScalarAsync(cancellationToken);
            }
        }
    }
}
