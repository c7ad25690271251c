using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Shared.Signals;
using DevPlatform.Shared.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Identity.Signals;

/// <summary>The open pages of this replica. What is published on any replica comes here by <c>pg_notify</c>.</summary>
internal sealed class SignalHub(NpgsqlDataSource dataSource, ILogger<SignalHub> logger) : DatabaseListener(dataSource, logger), ISignals
{
    /// <summary>PostgreSQL takes 8,000 bytes.</summary>
    private const int MaxPayload = 7_900;
    private readonly ConcurrentDictionary<SignalConnection, bool> _connections = new();

    protected override string Channel => "identity_signals";

    public void Add(SignalConnection connection) => _connections[connection] = true;

    public void Remove(SignalConnection connection) => _connections.TryRemove(connection, out _);

    public async Task PublishAsync(
        string channel, IReadOnlyCollection<string> audience, object message, CancellationToken cancellationToken, string? except = null)
    {
        var payload = JsonSerializer.Serialize(new Signal(channel, audience, except, JsonSerializer.SerializeToNode(message, JsonSerializerOptions.Web)));
        if (Encoding.UTF8.GetByteCount(payload) > MaxPayload)
        {
            throw new ArgumentException($"A signal has at most {MaxPayload} bytes.", nameof(message));
        }

        await using var notify = DataSource.CreateCommand("select pg_notify($1, $2)");
        notify.Parameters.AddWithValue(Channel);
        notify.Parameters.AddWithValue(payload);
        await notify.ExecuteNonQueryAsync(cancellationToken);
    }

    protected override void Received(string payload)
    {
        var signal = JsonSerializer.Deserialize<Signal>(payload)!;
        ReadOnlyMemory<byte> frame = JsonSerializer.SerializeToUtf8Bytes(new { channel = signal.Channel, message = signal.Message });
        foreach (var connection in _connections.Keys)
        {
            connection.Offer(signal.Channel, signal.Audience, signal.Except, frame);
        }
    }

    private sealed record Signal(string Channel, IReadOnlyCollection<string> Audience, string? Except, JsonNode? Message);
}
