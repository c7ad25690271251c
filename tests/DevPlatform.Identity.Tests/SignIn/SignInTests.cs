using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.Identity.Tests.SignIn;

[Collection(PlatformCollection.Name)]
public sealed class SignInTests(PlatformApi platform) : IDisposable
{
    private readonly Browser _browser = new(platform);

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Sends_the_browser_to_Keycloak_with_PKCE_state_and_nonce()
    {
        var start = await _browser.StartAsync($"&scope=openid%20profile%20email&origin={_browser.Origin}&flow=popup");

        start.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var location = start.Headers.Location!;
        location.GetLeftPart(UriPartial.Path).ShouldBe($"{platform.Keycloak.BaseUrl}realms/platform/protocol/openid-connect/auth");
        var query = QueryHelpers.ParseQuery(location.Query);
        query["response_type"].ToString().ShouldBe("code");
        query["client_id"].ToString().ShouldBe("developer-portal");
        query["redirect_uri"].ToString().ShouldBe($"{_browser.Origin}/api/auth/oidc/handler/frame");
        query["scope"].ToString().ShouldBe("openid profile email");
        query["code_challenge_method"].ToString().ShouldBe("S256");
        foreach (var random in new[] { "state", "nonce", "code_challenge" })
        {
            query[random].ToString().Length.ShouldBe(43, random);
        }

        var cookie = start.Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("path=/api/auth/oidc/handler; samesite=lax; httponly");
        cookie.ShouldNotContain(query["state"].ToString());
    }

    [Fact]
    public async Task Tells_the_portal_who_signed_in_and_gives_it_Keycloaks_own_token()
    {
        var frame = await _browser.GetAsync((await _browser.AuthenticateAsync("developer", $"&origin={_browser.Origin}&flow=popup")).ToString());

        var html = await frame.Content.ReadAsStringAsync();
        var script = html[(html.IndexOf("<script>", StringComparison.Ordinal) + 8)..html.IndexOf("</script>", StringComparison.Ordinal)];
        script.ShouldContain($"const origin = \"{_browser.Origin}\";");
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        frame.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain($"script-src 'sha256-{hash}';");
        frame.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["unsafe-none"]);
        frame.Headers.CacheControl!.NoStore.ShouldBeTrue();

        var response = (await Browser.MessageAsync(frame)).GetProperty("response");
        response.GetProperty("profile").GetProperty("displayName").GetString().ShouldBe("Dana Developer");
        response.GetProperty("profile").GetProperty("email").GetString().ShouldBe("developer@example.org");
        response.GetProperty("providerInfo").GetProperty("scope").GetString().ShouldBe("openid profile email");
        var identity = response.GetProperty("backstageIdentity");
        identity.GetProperty("expiresInSeconds").GetInt32().ShouldBe(300);
        identity.GetProperty("identity").GetProperty("type").GetString().ShouldBe("user");
        identity.GetProperty("identity").GetProperty("userEntityRef").GetString().ShouldBe("user:default/developer");
        identity.GetProperty("identity").GetProperty("ownershipEntityRefs").Strings().ShouldContain("group:default/team-orders");
        var token = identity.GetProperty("token").GetString()!;
        token.ShouldBe(response.GetProperty("providerInfo").GetProperty("accessToken").GetString());
        (await platform.ClientWithToken(token).GetJsonAsync("/api/identity/me")).GetProperty("username").GetString().ShouldBe("developer");

        var session = frame.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("oidc-refresh-token=", StringComparison.Ordinal));
        session.ShouldContain("path=/api/auth/oidc; samesite=strict; httponly");
        html.ShouldNotContain("refresh");
        frame.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("oidc-nonce-", StringComparison.Ordinal) && c.Contains("1970"));
    }

    [Fact]
    public async Task Sign_in_and_sign_out_are_audited()
    {
        var token = TokenOf(await _browser.SignInAsync("sre-approver"));
        (await _browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout?env=development")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var session = new JsonWebToken(token).GetPayloadValue<string>("sid");
        foreach (var action in new[] { "identity.sign-in", "identity.sign-out" })
        {
            var events = await Eventually.GetAsync(
                () => platform.Client("auditor").GetJsonAsync($"/api/identity/audit?action={action}&resource=session:{session}"),
                page => page.GetProperty("items").GetArrayLength() == 1);
            var entry = events.GetProperty("items")[0];
            entry.GetProperty("actorRef").GetString().ShouldBe("user:default/sre-approver");
            entry.GetProperty("result").GetString().ShouldBe("success");
        }
    }

    [Fact]
    public async Task The_redirect_flow_ends_where_it_began()
    {
        var page = $"{_browser.Origin}/catalog?filters[kind]=api";

        var frame = await _browser.GetAsync((await _browser.AuthenticateAsync("developer", $"&flow=redirect&redirectUrl={Uri.EscapeDataString(page)}")).ToString());

        frame.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        frame.Headers.Location!.OriginalString.ShouldBe(page);
        (await _browser.RefreshAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refusal_of_Keycloak_is_told_to_the_page()
    {
        var state = QueryHelpers.ParseQuery((await _browser.StartAsync()).Headers.Location!.Query)["state"];

        var message = await Browser.MessageAsync(await _browser.GetAsync(
            $"/api/auth/oidc/handler/frame?state={state}&error=access_denied&error_description=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E"));

        message.GetProperty("error").GetProperty("name").GetString().ShouldBe("AuthenticationError");
        message.GetProperty("error").GetProperty("message").GetString()!.ShouldEndWith("</script><script>alert(1)</script>");
    }

    [Fact]
    public async Task A_refresh_brings_a_new_token()
    {
        var first = TokenOf(await _browser.SignInAsync("team-lead"));

        var answer = await (await _browser.RefreshAsync()).JsonAsync();

        answer.GetProperty("backstageIdentity").GetProperty("identity").GetProperty("userEntityRef").GetString().ShouldBe("user:default/team-lead");
        var token = answer.GetProperty("backstageIdentity").GetProperty("token").GetString()!;
        token.ShouldNotBe(first);
        (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        // And again: the cookie followed Keycloak's rotation.
        (await _browser.RefreshAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_has_no_session_is_not_refreshed()
    {
        var refused = await (await _browser.FetchAsync(HttpMethod.Get, "/api/auth/oidc/refresh?env=development")).JsonAsync(HttpStatusCode.Unauthorized);
        refused.GetProperty("error").GetProperty("message").GetString().ShouldBe("Refresh failed; caused by InputError: Missing session cookie");

        // "Is somebody signed in?" is no failure.
        var asked = await (await _browser.RefreshAsync()).JsonAsync();
        asked.GetProperty("error").GetProperty("name").GetString().ShouldBe("AuthenticationError");
        asked.TryGetProperty("backstageIdentity", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_that_Keycloak_ended_is_not_refreshed()
    {
        await _browser.SignInAsync("manager-approver");
        var cookie = _browser.Cookies.GetCookieHeader(new Uri(platform.BaseUrl, "/api/auth/oidc/refresh"));
        cookie.ShouldContain("oidc-refresh-token=");
        await (await _browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout")).JsonAsync();

        // A copy of the cookie from before.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/oidc/refresh?optional&env=development");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-Requested-With", "XMLHttpRequest");
        var response = await platform.Client().SendAsync(request);

        (await response.JsonAsync(HttpStatusCode.Unauthorized)).GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith("Refresh failed; caused by");
        response.Headers.GetValues("Set-Cookie").ShouldContain(c => c.StartsWith("oidc-refresh-token=;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_Keycloak()
    {
        var token = TokenOf(await _browser.SignInAsync("security-approver"));
        (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var answer = await (await _browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout?env=development", origin: _browser.Origin)).JsonAsync();

        var refused = await (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).JsonAsync(HttpStatusCode.Unauthorized);
        refused.GetProperty("error").GetProperty("message").GetString().ShouldBe("Invalid token: its session has ended");
        (await (await _browser.RefreshAsync()).JsonAsync()).TryGetProperty("error", out _).ShouldBeTrue();

        var url = new Uri(answer.GetProperty("logoutUrl").GetString()!);
        url.AbsolutePath.ShouldBe("/realms/platform/protocol/openid-connect/logout");
        QueryHelpers.ParseQuery(url.Query)["id_token_hint"].ToString().Length.ShouldBeGreaterThan(100);
        (await _browser.GetAsync(url.ToString())).Headers.Location!.ToString().ShouldBe($"{_browser.Origin}/");

        // Keycloak asks for the password again.
        var authorization = (await _browser.StartAsync()).Headers.Location!;
        (await _browser.GetAsync(authorization.ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_can_sign_out()
    {
        var response = await _browser.FetchAsync(HttpMethod.Post, "/api/auth/oidc/logout?env=development");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    internal static string TokenOf(JsonElement message) =>
        message.GetProperty("response").GetProperty("backstageIdentity").GetProperty("token").GetString()!;
}
