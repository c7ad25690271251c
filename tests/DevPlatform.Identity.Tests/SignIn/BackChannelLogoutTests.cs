using System.Net;
using DevPlatform.Api.Hosting;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.Identity.Tests.SignIn;

[Collection(PlatformCollection.Name)]
public sealed class BackChannelLogoutTests(PlatformApi platform)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    [Fact]
    public async Task Ends_a_session_with_its_access_tokens_on_every_replica()
    {
        await using var other = PlatformHost.Build(PlatformApi.ArgumentsFor(platform.ConnectionString, platform.Keycloak.BaseUrl, []));
        await other.StartPlatformAsync();
        var otherUrl = new Uri(other.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var token = await platform.Keycloak.TokenAsync("developer");
        using var client = new HttpClient { BaseAddress = otherUrl };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        // Twice: now both know the token.
        (await client.GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var session = new JsonWebToken(token).GetPayloadValue<string>("sid");
        var answer = await LogoutAsync(await LogoutTokenAsync(new { sid = session }));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var refused = await (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).JsonAsync(HttpStatusCode.Unauthorized);
        refused.GetProperty("error").GetProperty("message").GetString().ShouldBe("Invalid token: its session has ended");
        await Eventually.BeAsync(async () => (await client.GetAsync("/api/identity/me")).StatusCode == HttpStatusCode.Unauthorized);

        // A replica that starts later knows it too, and other sessions of the user go on.
        await using var late = PlatformHost.Build(PlatformApi.ArgumentsFor(platform.ConnectionString, platform.Keycloak.BaseUrl, []));
        await late.StartPlatformAsync();
        using var lateClient = new HttpClient { BaseAddress = new Uri(late.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        lateClient.DefaultRequestHeaders.Authorization = new("Bearer", token);
        (await lateClient.GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await platform.Client("developer").GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await other.StopAsync();
        await late.StopAsync();
    }

    [Fact]
    public async Task Without_a_session_it_ends_all_sessions_of_the_user()
    {
        var tokens = new[] { await platform.Keycloak.TokenAsync("auditor"), await platform.Keycloak.TokenAsync("auditor") };
        var subject = new JsonWebToken(tokens[0]).Subject;

        (await LogoutAsync(await LogoutTokenAsync(new { sub = subject, sid = (string?)null }, "auditor"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var token in tokens)
        {
            (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        // Signing in again helps (a token's time has whole seconds).
        await Eventually.BeAsync(async () =>
            (await platform.ClientWithToken(await platform.Keycloak.TokenAsync("auditor")).GetAsync("/api/identity/me")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_logout_token_works_once()
    {
        var token = await LogoutTokenAsync(new { sid = Guid.NewGuid() });
        (await LogoutAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await ShouldBeRefusedAsync(token, "used before");
    }

    public static TheoryData<string, object, object, string> Forgeries => new()
    {
        { "expired", new { expiresIn = -60 }, new { }, "expired" },
        { "unsigned", new { alg = "none" }, new { }, "logout_token" },
        { "keyed with the public key", new { alg = "HS256" }, new { }, "logout_token" },
        { "an unknown key", new { key = "unknown" }, new { }, "unknown key" },
        { "another issuer", new { }, new { iss = "https://evil.example/realms/platform" }, "realm" },
        { "another client's", new { }, new { aud = "grafana" }, "audience" },
        { "an access token", new { headerType = "JWT" }, new { typ = "Bearer" }, "kind" },
        { "another header type", new { headerType = "at+jwt" }, new { }, "kind" },
        { "no event", new { }, new { events = (object?)null }, "events" },
        { "another event", new { }, new { events = new { other = new { } } }, "events" },
        { "an event that is no object", new { }, new { events = new Dictionary<string, object> { [Event] = "yes" } }, "events" },
        { "a nonce", new { }, new { nonce = "n" }, "nonce" },
        { "no jti", new { }, new { jti = (string?)null }, "jti" },
        { "neither session nor subject", new { }, new { sid = (string?)null, sub = (string?)null }, "sid" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Refuses_a_forged_logout_token(string what, object order, object claims, string reason) =>
        await ShouldBeRefusedAsync(await LogoutTokenAsync(claims, order: order), reason, what);

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    public async Task Refuses_what_is_no_token(string token) => await ShouldBeRefusedAsync(token, "logout_token");

    [Fact]
    public async Task Refuses_what_is_no_form()
    {
        var response = await platform.Client().PostAsync("/api/auth/oidc/backchannel-logout", new { logout_token = "x" });

        (await response.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("form");
    }

    private async Task ShouldBeRefusedAsync(string token, string reason, string? what = null)
    {
        var body = await (await LogoutAsync(token)).JsonAsync(HttpStatusCode.BadRequest);
        body.GetProperty("error").GetProperty("name").GetString().ShouldBe("InputError", what);
        body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(reason, Case.Sensitive, what);
    }

    private async Task<HttpResponseMessage> LogoutAsync(string token) => await platform.Client().PostAsync(
        "/api/auth/oidc/backchannel-logout", new FormUrlEncodedContent(new Dictionary<string, string> { ["logout_token"] = token }));

    /// <summary>As Keycloak makes it, but for what the test changes.</summary>
    private Task<string> LogoutTokenAsync(object claims, string account = "developer", object? order = null)
    {
        var all = new Dictionary<string, object?>
        {
            ["aud"] = "developer-portal",
            ["typ"] = "Logout",
            ["jti"] = Guid.NewGuid(),
            ["sid"] = Guid.NewGuid(),
            ["events"] = new Dictionary<string, object> { [Event] = new { } },
        };
        foreach (var change in claims.GetType().GetProperties())
        {
            all[change.Name] = change.GetValue(claims);
        }

        var forged = new Dictionary<string, object?> { ["username"] = account, ["headerType"] = "logout+jwt", ["claims"] = all };
        foreach (var change in order?.GetType().GetProperties() ?? [])
        {
            forged[change.Name] = change.GetValue(order);
        }

        return platform.Keycloak.ForgeAsync(forged);
    }
}
