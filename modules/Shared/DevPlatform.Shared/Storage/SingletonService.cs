using DevPlatform.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Shared.Storage;

/// <summary>
/// A background service of which one runs among all replicas: whoever holds a PostgreSQL advisory lock. When that process or its connection
/// dies, PostgreSQL frees the lock and another replica takes over within <see cref="RetryInterval"/>. The work begins when the host has
/// started, so that it does not delay the first request.
/// </summary>
public abstract class SingletonService(NpgsqlDataSource dataSource, TimeProvider time, ILogger logger) : AfterStartService
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);

    /// <summary>How often a replica that does not run tries.</summary>
    protected virtual TimeSpan RetryInterval => TimeSpan.FromSeconds(5);

    /// <summary>Name of the lock, unique in the platform: <c>catalog:crossplane-watch</c>.</summary>
    protected abstract string LockName { get; }

    /// <summary>The work; runs until cancelled. An exception is logged and the work starts again after <see cref="RetryInterval"/>.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAfterStartAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunWhileLockedAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "{Service} stopped and will start again", LockName);
            }
            catch (Exception)
            {
                // Stopping; clients report a cancelled call in exceptions of their own (gRPC's RpcException).
                return;
            }

            await Task.Delay(RetryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunWhileLockedAsync(CancellationToken stoppingToken)
    {
        await using var held = await AdvisoryLock.TryTakeAsync(dataSource, LockName, stoppingToken);
        if (held is null)
        {
            return;
        }

        logger.LogInformation("{Service} runs here", LockName);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var work = RunAsync(lost.Token);
        var guard = GuardAsync(held.Connection, lost.Token);
        await Task.WhenAny(work, guard);
        await lost.CancelAsync();
        await guard.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await work;
    }

    // Throws when the connection, and with it the lock, is gone: at once where its end arrives, after a probe where the network is silent.
    private static async Task GuardAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await connection.WaitAsync(ProbeInterval, cancellationToken);
            await using var probe = new NpgsqlCommand("select 1", connection);
            await probe.ExecuteScalarAsync(cancellationToken);
        }
    }
}
