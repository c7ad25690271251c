using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Tests.Keycloak;

/// <summary>Sign-in as the portal does it, checked with Microsoft's own OpenID Connect libraries.</summary>
[Collection("keycloak")]
public sealed class CodeFlowTests(KeycloakFixture keycloak)
{
    private const string Verifier = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789";
    private const string Redirect = "http://localhost:51234/api/auth/oidc/handler/frame";

    [Fact]
    public async Task Discovery_and_keys_validate_a_token_with_all_of_the_realms_claims()
    {
        var configuration = await ConfigurationAsync();
        var (_, tokens) = await RedeemAsync(await SignInAsync("team-lead"));

        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(tokens.GetProperty("access_token")
            .GetString(), new TokenValidationParameters
            {
                ValidIssuer = keycloak.Issuer,
                ValidAudience = "developer-portal",
                IssuerSigningKeys = configuration.SigningKeys,
            });

        result.Exception.ShouldBeNull();
        var token = (JsonWebToken)result.SecurityToken;
        token.Typ.ShouldBe("JWT");
        token.GetPayloadValue<string>("typ").ShouldBe("Bearer");
        token.GetPayloadValue<string>("azp").ShouldBe("developer-portal");
        token.GetPayloadValue<string>("preferred_username").ShouldBe("team-lead");
        token.GetPayloadValue<string>("email").ShouldBe("team-lead@example.org");
        token.GetPayloadValue<string>("scope").ShouldBe("openid profile email");
        token.GetPayloadValue<string[]>("groups").ShouldBe(["aad-developers", "aad-team-leads"]);
        token.GetPayloadValue<string[]>("teams").ShouldBe(["team-orders"]);
        token.GetPayloadValue<JsonElement>("realm_access").GetProperty("roles").EnumerateArray().Select(r => r.GetString())
            .ShouldContain("team-lead");
        token.GetPayloadValue<string>("sid").ShouldBe(tokens.GetProperty("session_state").GetString());
    }

    [Fact]
    public async Task The_id_token_carries_nonce_and_access_token_hash()
    {
        var configuration = await ConfigurationAsync();
        var (_, tokens) = await RedeemAsync(await SignInAsync("developer"));
        var id = new JsonWebToken(tokens.GetProperty("id_token").GetString());

        new OpenIdConnectProtocolValidator
        {
            RequireStateValidation = false,
            RequireTimeStampInNonce = false
        }.ValidateTokenResponse(new OpenIdConnectProtocolValidationContext
        {
            ClientId = "developer-portal",
            Nonce = "n-0S6_WzA2Mj",
            ValidatedIdToken = new System.IdentityModel.Tokens.Jwt.JwtSecurityToken(id.EncodedToken),
            ProtocolMessage = new OpenIdConnectMessage { IdToken = id.EncodedToken, AccessToken = tokens.GetProperty("access_token").GetString() },
        });
        id.GetPayloadValue<string>("typ").ShouldBe("ID");
        id.Audiences.ShouldBe(["developer-portal"]);
        configuration.EndSessionEndpoint.ShouldBe(keycloak.Endpoint("logout"));
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var code = await SignInAsync("developer");
        (await RedeemAsync(code)).Status.ShouldBe(200);

        var (status, error) = await RedeemAsync(code);

        status.ShouldBe(400);
        error.GetProperty("error").GetString().ShouldBe("invalid_grant");
        error.GetProperty("error_description").GetString().ShouldBe("Code not valid");
    }

    [Fact]
    public async Task A_code_needs_its_verifier_and_redirect_uri()
    {
        var (status, error) = await RedeemAsync(await SignInAsync("developer"), verifier: new string('x', 50));
        status.ShouldBe(400);
        error.GetProperty("error_description").GetString().ShouldBe("PKCE verification failed: Code mismatch");

        (status, error) = await RedeemAsync(await SignInAsync("developer"), redirect: "http://localhost:1/api/auth/oidc/handler/frame");
        status.ShouldBe(400);
        error.GetProperty("error_description").GetString().ShouldBe("Incorrect redirect_uri");
    }

    [Fact]
    public async Task The_client_secret_is_checked()
    {
        var (status, error) = await RedeemAsync(await SignInAsync("developer"), secret: "wrong");

        status.ShouldBe(401);
        error.GetProperty("error").GetString().ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("https://evil.example/api/auth/oidc/handler/frame")]
    [InlineData("http://localhost:7007/other")]
    [InlineData("http://localhost.evil.example/api/auth/oidc/handler/frame")]
    public async Task A_foreign_redirect_uri_gets_a_page_and_no_redirect(string redirect)
    {
        using var browser = new Browser();

        using var response = await browser.GetAsync(AuthorizeUrl(redirect));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Invalid parameter: redirect_uri");
    }

    [Fact]
    public async Task Pkce_is_required()
    {
        using var browser = new Browser();

        using var response = await browser.GetAsync(AuthorizeUrl(Redirect, challenge: null));

        Browser.QueryOf(response)["error"].ShouldBe("invalid_request");
        Browser.QueryOf(response)["state"].ShouldBe("xyz");
    }

    [Fact]
    public async Task A_wrong_password_asks_again_and_the_page_shows_no_secret()
    {
        using var browser = new Browser();
        var page = await browser.GetAsync(AuthorizeUrl(Redirect));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);

        var again = await browser.SubmitAsync(page, ("username", "developer"), ("password", "not-it"));

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await again.Content.ReadAsStringAsync();
        html.ShouldContain("Invalid username or password.");
        html.ShouldNotContain("not-it");
    }

    [Fact]
    public async Task A_signed_in_browser_gets_the_next_code_without_a_form()
    {
        using var browser = new Browser();
        var first = await SignInAsync("developer", browser);

        var second = Browser.QueryOf(await browser.GetAsync(AuthorizeUrl(Redirect) + "&prompt=none"))["code"];

        second.ShouldNotBe(first);
        var (_, one) = await RedeemAsync(first);
        var (_, two) = await RedeemAsync(second);
        two.GetProperty("session_state").GetString().ShouldBe(one.GetProperty("session_state").GetString());
    }

    [Fact]
    public async Task Prompt_none_without_a_session_is_login_required()
    {
        using var browser = new Browser();

        Browser.QueryOf(await browser.GetAsync(AuthorizeUrl(Redirect) + "&prompt=none"))["error"].ShouldBe("login_required");
    }

    private Task<OpenIdConnectConfiguration> ConfigurationAsync() => new ConfigurationManager<OpenIdConnectConfiguration>(
        $"{keycloak.Issuer}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = false }).GetConfigurationAsync();

    private string AuthorizeUrl(string redirect, string? challenge = "auto") =>
        QueryHelpers.AddQueryString(keycloak.Endpoint("auth"), new Dictionary<string, string?>
        {
            ["client_id"] = "developer-portal",
            ["response_type"] = "code",
            ["redirect_uri"] = redirect,
            ["scope"] = "openid profile email",
            ["state"] = "xyz",
            ["nonce"] = "n-0S6_WzA2Mj",
            ["code_challenge"] = challenge is null ? null : Browser.Challenge(Verifier),
            ["code_challenge_method"] = challenge is null ? null : "S256",
        });

    private async Task<string> SignInAsync(string user, Browser? signedIn = null)
    {
        using var own = signedIn is null ? new Browser() : null;
        var browser = signedIn ?? own!;
        var redirect = await browser.SubmitAsync(await browser.GetAsync(AuthorizeUrl(Redirect)), ("username", user), ("password", user));
        redirect.Headers.Location!.GetLeftPart(UriPartial.Path).ShouldBe(Redirect);
        Browser.QueryOf(redirect)["state"].ShouldBe("xyz");
        return Browser.QueryOf(redirect)["code"];
    }

    private Task<(int Status, JsonElement Body)> RedeemAsync(string code, string verifier = Verifier, string redirect = Redirect,
        string secret = "developer-portal-secret") => keycloak.TokenAsync(
        ("grant_type", "authorization_code"), ("client_id", "developer-portal"), ("client_secret", secret), ("code", code),
            ("redirect_uri", redirect), ("code_verifier", verifier));
}
