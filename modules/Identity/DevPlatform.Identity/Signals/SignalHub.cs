using System.Collections.Concurrent;
using DevPlatform.Shared.Signals;
using DevPlatform.Shared.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Identity.Signals;

/// <summary>The open pages of this replica. What is published on any replica comes here by <c>pg_notify</c>.</summary>
internal sealed class SignalHub(NpgsqlDataSource dataSource, ILogger<SignalHub> logger) : DatabaseListener(dataSource, logger), ISignals
{
    private readonly ConcurrentDictionary<SignalConnection, bool> _connections = new();

    protected override string Channel => Signal.DatabaseChannel;

    public void Add(SignalConnection connection) => _connections[connection] = true;

    public void Remove(SignalConnection connection) => _connections.TryRemove(connection, out _);

    public async Task PublishAsync(
        string channel, IReadOnlyCollection<string> audience, object message, CancellationToken cancellationToken, IReadOnlyCollection<string>? except = null)
    {
        await using var notify = DataSource.CreateCommand("select pg_notify($1, payload) from unnest($2) as payload");
        notify.Parameters.AddWithValue(Channel);
        notify.Parameters.AddWithValue(Signal.Of(channel, audience, message, except).ToPayloads().ToArray());
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }

    protected override void Received(string payload)
    {
        var signal = Signal.Read(payload);
        var frame = signal.ToFrame();
        foreach (var connection in _connections.Keys)
        {
            connection.Offer(signal, frame);
        }
    }
}
