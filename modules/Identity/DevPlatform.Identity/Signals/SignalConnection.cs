using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using DevPlatform.Shared.Signals;
using DevPlatform.Shared.Web;

namespace DevPlatform.Identity.Signals;

/// <summary>One open page: reads what it subscribes to, writes what it is told, until either side ends it.</summary>
internal sealed class SignalConnection(IReadOnlySet<string> names)
{
    private const int MaxFrame = 4096;
    private const int MaxChannels = 100;
    private const int MaxWaiting = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, bool> _channels = new(StringComparer.Ordinal);
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxWaiting);
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends a signal's frame if the page wants it and it is for its user.</summary>
    public void Offer(Signal signal, ReadOnlyMemory<byte> frame)
    {
        if (_channels.ContainsKey(signal.Channel) && signal.Audience.Any(names.Contains) && signal.Excluded?.Any(names.Contains) != true)
        {
            Send(frame);
        }
    }

    /// <summary>Runs until the page leaves or has to; Backstage's frontend then opens another, with a fresh token.</summary>
    public async Task RunAsync(WebSocket socket, LongResponse life)
    {
        using var ending = new CancellationTokenSource();
        var reading = ReadAsync(socket, ending.Token);
        var writing = WriteAsync(socket, ending.Token);
        var ended = Task.Delay(Timeout.Infinite, life.End);
        var first = await Task.WhenAny(reading, writing, _end.Task, ended);
        var (status, reason) = first == _end.Task ? (WebSocketCloseStatus.PolicyViolation, await _end.Task)
            : first == ended ? Farewell(life.Reason)
            : Farewell(ResponseEnd.ClientLeft);
        await CloseAsync(socket, reading, writing, status, reason);
        await ending.CancelAsync();
        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Send(ReadOnlyMemory<byte> frame)
    {
        if (!_outgoing.Writer.TryWrite(frame))
        {
            _end.TrySetResult("too slow");
        }
    }

    /// <summary>Not 1000 or 1001 unless the page left: after those the frontend would not come again.</summary>
    private static (WebSocketCloseStatus Status, string Reason) Farewell(ResponseEnd? end) => end switch
    {
        ResponseEnd.SessionEnded => (WebSocketCloseStatus.PolicyViolation, "signed out"),
        ResponseEnd.TokenExpired => (WebSocketCloseStatus.PolicyViolation, "token expired"),
        ResponseEnd.Stopping => ((WebSocketCloseStatus)1012, "restarting"),
        _ => (WebSocketCloseStatus.NormalClosure, ""),
    };

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
                    _end.TrySetResult($"frames have at most {MaxFrame} bytes");
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
                if (ChangeSignals.Contain(order.Channel))
                {
                    Send(Signal.Of(order.Channel, [], ChangeSignals.Message).ToFrame());
                }

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
