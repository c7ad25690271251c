using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace DevPlatform.TestKit;

/// <summary>An open page of the portal, as far as it listens to signals (<c>/api/signals</c>), with what it heard.</summary>
public sealed class SignalPage : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<JsonElement> _heard = new();
    private Task _reading = Task.CompletedTask;

    /// <summary>Messages of a channel, in order.</summary>
    public IReadOnlyList<JsonElement> Heard(string channel) =>
        [.. _heard.Where(frame => frame.GetProperty("channel").GetString() == channel).Select(frame => frame.GetProperty("message"))];

    /// <summary>Opens a page that listens to a channel of changes; it has been told to look by then.</summary>
    public static async Task<SignalPage> OpenAsync(Uri platform, string token, string channel)
    {
        var page = new SignalPage();
        page._socket.Options.AddSubProtocol(token);
        using var deadline = new CancellationTokenSource(Deadline);
        await page._socket.ConnectAsync(new UriBuilder(platform) { Scheme = "ws", Path = "/api/signals" }.Uri, deadline.Token);
        page._reading = page.ReadAsync();
        var subscribe = JsonSerializer.SerializeToUtf8Bytes(new { action = "subscribe", channel });
        await page._socket.SendAsync(subscribe, WebSocketMessageType.Text, true, deadline.Token);
        await page.UntilAsync(channel, heard => heard.Count == 1);
        return page;
    }

    /// <summary>Waits until what it heard on a channel is right.</summary>
    public Task UntilAsync(string channel, Func<IReadOnlyList<JsonElement>, bool> isRight) =>
        Eventually.BeAsync(() => Task.FromResult(isRight(Heard(channel))), Deadline);

    /// <summary>Does something, and waits until the page hears something new on the channel.</summary>
    public async Task<T> HearsAsync<T>(string channel, Func<Task<T>> act)
    {
        var before = Heard(channel).Count;
        var result = await act();
        await UntilAsync(channel, heard => heard.Count > before);
        return result;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16_384];
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token) is { MessageType: WebSocketMessageType.Text } read)
            {
                _heard.Enqueue(JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer, 0, read.Count)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The test is over, or it waits in vain and says so.
        }
    }
}
