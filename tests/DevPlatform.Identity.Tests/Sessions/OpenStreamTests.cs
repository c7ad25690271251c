using System.Net.WebSockets;
using DevPlatform.Api.Hosting;
using DevPlatform.Identity.Tests.SignIn;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Identity.Tests.Sessions;

[Collection(PlatformCollection.Name)]
public sealed class OpenStreamTests(PlatformApi platform)
{
    private const string Stream = "/api/catalog/events?filter=metadata.name=nothing-has-this-name";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_session_that_ends_ends_what_is_open_on_every_replica()
    {
        await using var other = PlatformHost.Build(PlatformApi.ArgumentsFor(platform.ConnectionString, platform.Keycloak.BaseUrl, []));
        await other.StartPlatformAsync();
        var otherUrl = new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var browser = new Browser(platform);
        var token = SignInTests.TokenOf(await browser.SignInAsync("developer"));
        using var here = await OpenAsync(platform.BaseUrl, token);
        using var there = await OpenAsync(otherUrl, token);
        using var page = new ClientWebSocket();
        page.Options.AddSubProtocol(token);
        await page.ConnectAsync(new UriBuilder(otherUrl) { Scheme = "ws", Path = "/api/signals" }.Uri, CancellationToken.None);
        // Somebody else's session of the same user goes on.
        using var elsewhere = await OpenAsync(otherUrl, await platform.Keycloak.TokenAsync("developer"));

        await browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout");

        await Task.WhenAll(here.ReadToEndAsync(), there.ReadToEndAsync()).WaitAsync(Deadline);
        (await page.ReceiveAsync(new byte[1000], CancellationToken.None).WaitAsync(Deadline)).CloseStatusDescription.ShouldBe("signed out");
        elsewhere.ReadToEndAsync().IsCompleted.ShouldBeFalse();
        await other.StopAsync();
    }

    /// <summary>A stream that has begun.</summary>
    private static async Task<StreamReader> OpenAsync(Uri replica, string token)
    {
        // Lives as long as the stream that it gives.
        var client = new HttpClient { BaseAddress = replica, Timeout = Deadline };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var reader = new StreamReader(await client.GetStreamAsync(Stream));
        (await reader.ReadLineAsync()).ShouldBe("event: heartbeat");
        return reader;
    }
}
