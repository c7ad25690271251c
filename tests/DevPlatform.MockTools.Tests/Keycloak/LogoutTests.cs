using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.MockTools.Tests.Keycloak;

[Collection("keycloak")]
public sealed class LogoutTests(KeycloakFixture keycloak)
{
    private const string Verifier = "another-verifier-that-is-long-enough-0123456789-abc";
    private const string Redirect = "http://127.0.0.1:40000/api/auth/oidc/handler/frame";

    [Fact]
    public async Task Logging_out_with_the_refresh_token_tells_the_portal_through_the_back_channel()
    {
        var tokens = await PortalSignInAsync();
        var session = tokens.GetProperty("session_state").GetString()!;

        var (status, _) = await keycloak.PostAsync(
            keycloak.Endpoint("logout"), ("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
                ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));

        status.ShouldBe(204);
        var token = new JsonWebToken(await keycloak.LogoutTokenAsync(session));
        token.Typ.ShouldBe("logout+jwt");
        token.Issuer.ShouldBe(keycloak.Issuer);
        token.Audiences.ShouldBe(["developer-portal"]);
        token.GetPayloadValue<string>("typ").ShouldBe("Logout");
        token.GetPayloadValue<JsonElement>("events").TryGetProperty("http://schemas.openid.net/event/backchannel-logout", out _).ShouldBeTrue();
        token.TryGetPayloadValue<string>("nonce", out _).ShouldBeFalse();
        (await RefreshAsync(tokens)).Body.GetProperty("error_description").GetString().ShouldBe("Session not active");
    }

    [Fact]
    public async Task A_browser_with_the_id_token_is_logged_out_and_sent_back()
    {
        var tokens = await PortalSignInAsync();
        using var browser = new Browser();

        using var response = await browser.GetAsync(LogoutUrl(tokens.GetProperty("id_token").GetString(), "http://localhost:7007/", "s1"));

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.ToString().ShouldBe("http://localhost:7007/?state=s1");
        (await RefreshAsync(tokens)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_logout_that_leads_elsewhere_is_refused()
    {
        var tokens = await PortalSignInAsync();
        using var browser = new Browser();

        using var response = await browser.GetAsync(LogoutUrl(tokens.GetProperty("id_token").GetString(), "https://evil.example/", null));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await RefreshAsync(tokens)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Without_an_id_token_the_user_is_asked()
    {
        using var browser = new Browser();

        using var response = await browser.GetAsync(keycloak.Endpoint("logout"));

        (await response.Content.ReadAsStringAsync()).ShouldContain("Do you want to log out?");
    }

    private string LogoutUrl(string? idToken, string target, string? state) => QueryHelpers.AddQueryString(
        keycloak.Endpoint("logout"), new Dictionary<string,
            string?>
        { ["id_token_hint"] = idToken, ["post_logout_redirect_uri"] = target, ["state"] = state });

    private async Task<JsonElement> PortalSignInAsync()
    {
        using var browser = new Browser();
        var url = QueryHelpers.AddQueryString(keycloak.Endpoint("auth"), new Dictionary<string, string?>
        {
            ["client_id"] = "developer-portal",
            ["response_type"] = "code",
            ["redirect_uri"] = Redirect,
            ["scope"] = "openid",
            ["code_challenge"] = Browser.Challenge(Verifier),
            ["code_challenge_method"] = "S256",
        });
        var code = Browser.QueryOf(await browser.SubmitAsync(await browser.GetAsync(url), ("username", "developer"),
            ("password", "developer")))["code"];
        var (status, tokens) = await keycloak.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
                ("code", code), ("redirect_uri", Redirect), ("code_verifier", Verifier));
        status.ShouldBe(200, tokens.ToString());
        return tokens;
    }

    private Task<(int Status, JsonElement Body)> RefreshAsync(JsonElement tokens) => keycloak.TokenAsync(
        ("grant_type", "refresh_token"), ("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
            ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
}
