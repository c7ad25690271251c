using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.MockTools.Tests.Keycloak;

[Collection("keycloak")]
public sealed class GrantTests(KeycloakFixture keycloak)
{
    [Fact]
    public async Task A_token_answer_has_keycloaks_members()
    {
        var answer = await keycloak.SignInAsync("developer");

        answer.EnumerateObject().Select(m => m.Name).Order().ShouldBe(
            ["access_token", "expires_in", "id_token", "not-before-policy", "refresh_expires_in", "refresh_token", "scope",
                "session_state", "token_type"]);
        answer.GetProperty("expires_in").GetInt32().ShouldBe(300);
        answer.GetProperty("refresh_expires_in").GetInt32().ShouldBe(1800);
    }

    [Fact]
    public async Task Without_openid_there_is_no_id_token() =>
        (await keycloak.SignInAsync("developer", scope: "profile")).TryGetProperty("id_token", out _).ShouldBeFalse();

    [Theory]
    [InlineData("developer", "wrong", 401, "invalid_grant", "Invalid user credentials")]
    [InlineData("nobody", "nobody", 401, "invalid_grant", "Invalid user credentials")]
    public async Task Wrong_credentials_are_refused(string user, string password, int status, string error, string description)
    {
        var (actual, body) = await keycloak.TokenAsync(("grant_type", "password"), ("client_id", "developer-portal-cli"),
            ("username", user), ("password", password));

        actual.ShouldBe(status);
        body.EnumerateObject().Select(m => m.Name).ShouldBe(["error", "error_description"]);
        body.GetProperty("error").GetString().ShouldBe(error);
        body.GetProperty("error_description").GetString().ShouldBe(description);
    }

    [Fact]
    public async Task The_portals_client_may_not_use_the_password_grant()
    {
        var (status, body) = await keycloak.TokenAsync(
            ("grant_type", "password"), ("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
                ("username", "developer"), ("password", "developer"));

        status.ShouldBe(401);
        body.GetProperty("error").GetString().ShouldBe("unauthorized_client");
    }

    [Theory]
    [InlineData("", 400, "invalid_request")]
    [InlineData("made-up", 400, "unsupported_grant_type")]
    public async Task A_grant_type_that_is_none_is_refused(string grantType, int status, string error)
    {
        var (actual, body) = await keycloak.TokenAsync(("grant_type", grantType), ("client_id", "developer-portal-cli"));

        actual.ShouldBe(status);
        body.GetProperty("error").GetString().ShouldBe(error);
    }

    [Fact]
    public async Task Refreshing_keeps_the_session_and_sees_what_changed_since()
    {
        var first = await keycloak.SignInAsync("dba-approver");
        await ChangeAsync("dba-approver", new { realmRoles = new[] { "developer" } });

        var (status, second) = await RefreshAsync(first);

        status.ShouldBe(200);
        var token = new JsonWebToken(second.GetProperty("access_token").GetString());
        token.GetPayloadValue<string>("sid").ShouldBe(first.GetProperty("session_state").GetString());
        token.GetPayloadValue<JsonElement>("realm_access").GetProperty("roles").EnumerateArray().Select(r => r.GetString()).ShouldBe(["developer"]);
        await ChangeAsync("dba-approver", new { realmRoles = new[] { "default-roles-platform", "developer", "dba-approver" } });
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token_and_neither_is_another_clients()
    {
        var tokens = await keycloak.SignInAsync("developer");

        var (status, body) = await keycloak.TokenAsync(("grant_type", "refresh_token"), ("client_id", "developer-portal-cli"),
            ("refresh_token", tokens.GetProperty("access_token").GetString()!));
        status.ShouldBe(400);
        body.GetProperty("error_description").GetString().ShouldBe("Invalid refresh token");

        (status, body) = await keycloak.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
                ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        status.ShouldBe(400);
        body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_disabled_user_gets_nothing_anymore()
    {
        var before = await keycloak.SignInAsync("auditor");
        await ChangeAsync("auditor", new { enabled = false });

        var (status, body) = await keycloak.TokenAsync(("grant_type", "password"), ("client_id", "developer-portal-cli"),
            ("username", "auditor"), ("password", "auditor"));
        status.ShouldBe(400);
        body.GetProperty("error_description").GetString().ShouldBe("Account disabled");
        (status, body) = await RefreshAsync(before);
        status.ShouldBe(400);
        body.GetProperty("error_description").GetString().ShouldBe("Session not active");
        (await UserInfoAsync(before)).Status.ShouldBe(401);

        await ChangeAsync("auditor", new { enabled = true });
    }

    [Fact]
    public async Task A_service_account_has_no_session_and_no_refresh_token()
    {
        var (status, body) = await keycloak.TokenAsync(("grant_type", "client_credentials"), ("client_id", "developer-portal-sync"),
            ("client_secret", "developer-portal-sync-secret"));

        status.ShouldBe(200);
        body.TryGetProperty("refresh_token", out _).ShouldBeFalse();
        body.GetProperty("refresh_expires_in").GetInt32().ShouldBe(0);
        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        token.GetPayloadValue<string>("preferred_username").ShouldBe("service-account-developer-portal-sync");
        token.GetPayloadValue<string>("client_id").ShouldBe("developer-portal-sync");
        token.TryGetPayloadValue<string>("sid", out _).ShouldBeFalse();
        token.Audiences.ShouldContain("realm-management");
    }

    [Fact]
    public async Task A_device_gets_its_token_once_its_user_agreed()
    {
        var (_, device) = await keycloak.PostAsync(keycloak.Endpoint("auth/device"), ("client_id", "developer-portal-cli"), ("scope", "openid"));
        device.GetProperty("interval").GetInt32().ShouldBe(5);
        (string, string)[] poll =
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "developer-portal-cli"),
            ("device_code", device.GetProperty("device_code").GetString()!)];
        (await keycloak.TokenAsync(poll)).Body.GetProperty("error").GetString().ShouldBe("authorization_pending");
        (await keycloak.TokenAsync(poll)).Body.GetProperty("error").GetString().ShouldBe("slow_down");

        using var browser = new Browser();
        var login = await browser.GetAsync(device.GetProperty("verification_uri_complete").GetString()!);
        var consent = await browser.SubmitAsync(login, ("username", "developer"), ("password", "developer"));
        (await consent.Content.ReadAsStringAsync()).ShouldContain(device.GetProperty("user_code").GetString()!);
        var done = await browser.SubmitAsync(consent, ("accept", "Yes"));
        (await done.Content.ReadAsStringAsync()).ShouldContain("Device Login Successful");

        var (status, tokens) = await keycloak.TokenAsync(poll);
        status.ShouldBe(200, tokens.ToString());
        new JsonWebToken(tokens.GetProperty("access_token").GetString()).GetPayloadValue<string>("preferred_username").ShouldBe("developer");
        (await keycloak.TokenAsync(poll)).Body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Userinfo_introspection_and_revocation_agree_on_a_token()
    {
        var tokens = await keycloak.SignInAsync("developer");
        (string, string)[] introspect =
            [("client_id", "developer-portal"), ("client_secret", "developer-portal-secret"),
            ("token", tokens.GetProperty("access_token").GetString()!)];

        var (status, info) = await UserInfoAsync(tokens);
        status.ShouldBe(200);
        info.GetProperty("preferred_username").GetString().ShouldBe("developer");
        info.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(["aad-developers"]);
        (await keycloak.PostAsync(keycloak.Endpoint("token/introspect"), introspect)).Body.GetProperty("username").GetString().ShouldBe("developer");

        (await keycloak.PostAsync(keycloak.Endpoint("revoke"), ("client_id", "developer-portal-cli"),
            ("token", tokens.GetProperty("refresh_token").GetString()!))).Status.ShouldBe(200);

        (await UserInfoAsync(tokens)).Status.ShouldBe(401);
        (await keycloak.PostAsync(keycloak.Endpoint("token/introspect"), introspect)).Body.GetRawText().ShouldBe("""{"active":false}""");
    }

    private Task<(int Status, JsonElement Body)> RefreshAsync(JsonElement tokens) =>
        keycloak.TokenAsync(("grant_type", "refresh_token"), ("client_id", "developer-portal-cli"),
            ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));

    private async Task<(int Status, JsonElement Body)> UserInfoAsync(JsonElement tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, keycloak.Endpoint("userinfo"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        using var response = await keycloak.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task ChangeAsync(string user, object change)
    {
        using var response = await keycloak.Http.PutAsJsonAsync($"/__admin/users/{user}", change);
        response.EnsureSuccessStatusCode();
    }
}
