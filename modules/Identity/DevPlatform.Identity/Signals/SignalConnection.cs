using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Identity.Signals;

/// <summary>One open page: reads what it subscribes to, writes what it is told, until either side ends it.</summary>
internal sealed class SignalConnection(Caller caller, DateTime issuedAt, IReadOnlySet<string> names)
{
    private const int MaxFrame = 4096;
    private const int MaxChannels = 100;
    private const int MaxWaiting = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, bool> _channels = new(StringComparer.Ordinal);
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Who is at the page.</summary>
    public Caller Caller => caller;

    /// <summary>When their token was issued.</summary>
    public DateTime IssuedAt => issuedAt;

    /// <summary>Sends a frame if the page wants it and it is for its user.</summary>
    public void Offer(string channel, IReadOnlyCollection<string> audience, string? except, ReadOnlyMemory<byte> frame)
    {
        if (_channels.ContainsKey(channel) && audience.Any(names.Contains) && except != caller.UserRef && !_outgoing.Writer.TryWrite(frame))
        {
            End("too slow");
        }
    }

    /// <summary>Closes the connection; Backstage's frontend then opens another, with a fresh token.</summary>
    public void End(string reason) => _end.TrySetResult(reason);

    /// <summary>Runs until the page leaves, the token ends or <paramref name="stopping"/>.</summary>
    public async Task RunAsync(WebSocket socket, TimeSpan life, TimeProvider time, CancellationToken stopping)
    {
        using var ending = new CancellationTokenSource();
        var reading = ReadAsync(socket, ending.Token);
        var writing = WriteAsync(socket, ending.Token);
        var expiring = Task.Delay(life, time, ending.Token);
        var restarting = Task.Delay(Timeout.Infinite, stopping);
        var first = await Task.WhenAny(reading, writing, _end.Task, expiring, restarting);
        // Not 1000 or 1001 unless the page left: after those the frontend would not come again.
        var (status, reason) = first == reading ? (WebSocketCloseStatus.NormalClosure, "")
            : first == restarting ? ((WebSocketCloseStatus)1012, "restarting")
            : (WebSocketCloseStatus.PolicyViolation, first == _end.Task ? await _end.Task : "token expired");
        await CloseAsync(socket, reading, writing, status, reason);
        await ending.CancelAsync();
        await Task.WhenAll(reading, writing, expiring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Says good-bye and waits for the page to do so too; a reader that is cancelled cuts the connection, and with it what was said.</summary>
    private async Task CloseAsync(WebSocket socket, Task reading, Task writing, WebSocketCloseStatus status, string reason)
    {
        _outgoing.Writer.TryComplete();
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await writing.WaitAsync(patience.Token);
            await socket.CloseOutputAsync(status, reason, patience.Token);
            await reading.WaitAsync(patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The page has gone already.
            socket.Abort();
        }
    }

    private async Task ReadAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxFrame];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult read;
            do
            {
                read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += read.Count;
                if (length == MaxFrame && !read.EndOfMessage)
                {
                    End($"frames have at most {MaxFrame} bytes");
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }
            }
            while (!read.EndOfMessage);

            if (read.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            Obey(buffer.AsSpan(0, length));
        }
    }

    /// <summary>What is no subscription says nothing to us, as in Backstage.</summary>
    private void Obey(ReadOnlySpan<byte> frame)
    {
        SignalFrame? order;
        try
        {
            order = JsonSerializer.Deserialize<SignalFrame>(frame, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return;
        }

        switch (order)
        {
            case { Action: "subscribe", Channel.Length: > 0 } when _channels.Count < MaxChannels:
                _channels[order.Channel] = true;
                break;
            case { Action: "unsubscribe", Channel: not null }:
                _channels.TryRemove(order.Channel, out _);
                break;
        }
    }

    private async Task WriteAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
    }

    private sealed record SignalFrame(string? Action, string? Channel);
}
