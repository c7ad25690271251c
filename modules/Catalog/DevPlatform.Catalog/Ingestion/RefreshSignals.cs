using System.Collections.Concurrent;
using Npgsql;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Wakes what waits on the replica that ingests, from any replica: <c>select pg_notify('catalog_refresh', name)</c>, where the name is a
/// provider's or one of those here.
/// </summary>
public sealed class RefreshSignals
{
    /// <summary>The channel.</summary>
    internal const string Channel = "catalog_refresh";

    /// <summary>Name of the signal that someone asked for a root to be refreshed.</summary>
    internal const string Requested = "requested";

    /// <summary>Name of the signal that there are new roots.</summary>
    internal const string Due = "due";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _signals = new(StringComparer.Ordinal);

    /// <summary>Listens until cancelled; throws when the connection is lost.</summary>
    internal async Task ListenAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, e) => Raise(e.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        // What was signalled before this listened is looked for now.
        Raise(Requested);
        Raise(Due);
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits for a signal, at most for an interval.</summary>
    internal async Task WaitAsync(string name, TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(interval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Signal(name).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The interval has passed.
        }
    }

    private void Raise(string name)
    {
        var signal = Signal(name);
        // One waits; a second signal before it looks says nothing new.
        if (signal.CurrentCount == 0)
        {
            signal.Release();
        }
    }

    private SemaphoreSlim Signal(string name) => _signals.GetOrAdd(name, _ => new SemaphoreSlim(0));
}
