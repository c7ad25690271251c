using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Signals;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Identity.Tests.Signals;

[Collection(PlatformCollection.Name)]
public sealed class SignalsTests(PlatformApi platform)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_page_hears_of_its_users_changes()
    {
        using var page = await OpenAsync(await platform.Keycloak.TokenAsync("developer"));
        await SubscribeAsync(page, "user-settings");

        // Subscribing is not answered, so it is told again until it is heard.
        var key = $"key-{Guid.NewGuid():N}";
        using var stop = new CancellationTokenSource();
        var telling = TellAsync(key, stop.Token);
        var frame = await ReadAsync(page, f => f.ToString().Contains(key));
        await stop.CancelAsync();
        await telling;

        frame.ToString().ShouldBe($$$"""{"channel":"user-settings","message":{"type":"key-changed","key":"{{{key}}}"}}""");
    }

    [Fact]
    public async Task Only_recipients_hear_and_only_what_they_subscribed_to()
    {
        using var page = await OpenAsync(await platform.Keycloak.TokenAsync("dba-approver"));
        await SubscribeAsync(page, "notifications");
        await SubscribeAsync(page, "dropped");
        await SendAsync(page, """{"action":"unsubscribe","channel":"dropped"}""");
        await SendAsync(page, "no JSON");
        var signals = platform.Services.GetRequiredService<ISignals>();
        var marker = Guid.NewGuid();

        using var stop = new CancellationTokenSource();
        var telling = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await signals.PublishAsync("notifications", ["user:default/developer", Audiences.Role("team-lead")], new { marker, wrong = "somebody else's" }, default);
                await signals.PublishAsync("notifications", [Audiences.Everyone], new { marker, wrong = "excepted" }, default, except: ["user:default/dba-approver"]);
                await signals.PublishAsync("dropped", [Audiences.Everyone], new { marker, wrong = "not subscribed" }, default);
                await signals.PublishAsync("notifications", [Audiences.Role("dba-approver")], new { marker, right = 1 }, default);
                await signals.PublishAsync("notifications", ["user:default/dba-approver"], new { marker, right = 2 }, default);
                await signals.PublishAsync("notifications", [Audiences.Everyone], new { marker, right = 3 }, default);
                await Task.Delay(100);
            }
        });
        var frames = new List<string>();
        await ReadAsync(page, frame =>
        {
            frames.Add(frame.ToString());
            return frames.Count(f => f.Contains(marker.ToString())) >= 6;
        });
        await stop.CancelAsync();
        await telling;

        frames.ShouldContain(f => f.Contains("\"right\":1"));
        frames.ShouldContain(f => f.Contains("\"right\":2"));
        frames.ShouldContain(f => f.Contains("\"right\":3"));
        frames.ShouldNotContain(f => f.Contains("wrong"));
    }

    [Fact]
    public async Task The_connection_ends_with_its_session()
    {
        using var browser = new SignIn.Browser(platform);
        var token = SignIn.SignInTests.TokenOf(await browser.SignInAsync("developer"));
        using var page = await OpenAsync(token);

        await browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout");

        await ReadAsync(page, _ => false);
        page.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        page.CloseStatusDescription.ShouldBe("signed out");
        (await Should.ThrowAsync<WebSocketException>(() => OpenAsync(token))).Message.ShouldContain("401");
    }

    [Fact]
    public async Task The_connection_ends_with_its_token()
    {
        using var page = await OpenAsync(await platform.Keycloak.ForgeAsync(new { username = "developer", expiresIn = 3 }));

        await ReadAsync(page, _ => false);

        page.CloseStatusDescription.ShouldBe("token expired");
    }

    [Fact]
    public async Task Nobody_connects_without_a_token()
    {
        (await Should.ThrowAsync<WebSocketException>(() => OpenAsync(null))).Message.ShouldContain("401");
        (await Should.ThrowAsync<WebSocketException>(() => OpenAsync("garbage"))).Message.ShouldContain("401");
        (await platform.Client("developer").GetAsync("/api/signals")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task TellAsync(string key, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await platform.Client("developer").PutAsJsonAsync($"/api/user-settings/buckets/signals/keys/{key}", new { value = 1 }, CancellationToken.None);
        }
    }

    private async Task<ClientWebSocket> OpenAsync(string? token)
    {
        var socket = new ClientWebSocket();
        if (token is not null)
        {
            socket.Options.AddSubProtocol(token);
        }

        using var deadline = new CancellationTokenSource(Deadline);
        await socket.ConnectAsync(new UriBuilder(platform.BaseUrl) { Scheme = "ws", Path = "/api/signals" }.Uri, deadline.Token);
        return socket;
    }

    private static Task SubscribeAsync(ClientWebSocket socket, string channel) => SendAsync(socket, $$"""{"action":"subscribe","channel":"{{channel}}"}""");

    private static Task SendAsync(ClientWebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>Reads frames until one is right (that one), or until the other side closes (nothing).</summary>
    private static async Task<JsonElement> ReadAsync(ClientWebSocket socket, Func<JsonElement, bool> isRight)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[16_384];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, deadline.Token);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return default;
            }

            var frame = JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, read.Count));
            if (isRight(frame))
            {
                return frame;
            }
        }
    }
}
