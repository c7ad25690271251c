using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Tests.Keycloak;

[Collection("keycloak")]
public sealed class AdminApiTests(KeycloakFixture keycloak)
{
    [Fact]
    public async Task The_sync_account_pages_through_users()
    {
        var first = await GetAsync("users?first=0&max=4");
        var second = await GetAsync("users?first=4&max=4");
        var third = await GetAsync("users?first=8&max=4");

        string?[] names = [.. new[] { first, second, third }.SelectMany(p => p.EnumerateArray()).Select(u => u.GetProperty("username").GetString())];
        names.ShouldBe(["auditor", "ceiling-denied", "dba-approver", "developer", "manager-approver", "platform-admin",
            "security-approver", "sre-approver", "team-lead"]);
        first[3].GetProperty("attributes").GetProperty("teams")[0].GetString().ShouldBe("team-orders");
    }

    [Fact]
    public async Task Groups_have_members()
    {
        var group = (await GetAsync("groups?search=aad-dba")).EnumerateArray().ShouldHaveSingleItem();
        group.GetProperty("path").GetString().ShouldBe("/aad-dba");

        var members = await GetAsync($"groups/{group.GetProperty("id").GetString()}/members");

        members.EnumerateArray().Select(m => m.GetProperty("username").GetString()).ShouldBe(["dba-approver"]);
    }

    [Fact]
    public async Task Nobody_is_401_and_a_user_without_the_role_is_403()
    {
        using var anonymous = await keycloak.Http.GetAsync("/admin/realms/platform/users");
        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anonymous.Content.ReadAsStringAsync()).ShouldBe("""{"error":"HTTP 401 Unauthorized"}""");

        var admin = await keycloak.SignInAsync("platform-admin");
        using var forbidden = await SendAsync("users", admin.GetProperty("access_token").GetString()!);
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_rotated_key_signs_new_tokens_while_the_old_ones_stay_valid()
    {
        var before = (await keycloak.SignInAsync("developer")).GetProperty("access_token").GetString()!;
        using var rotated = await keycloak.Http.PostAsync("/__admin/rotate-keys?realm=platform", null);
        rotated.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var after = (await keycloak.SignInAsync("developer")).GetProperty("access_token").GetString()!;

        new JsonWebToken(after).Kid.ShouldNotBe(new JsonWebToken(before).Kid);
        (await ValidateAsync(before)).ShouldBeNull();
        (await ValidateAsync(after)).ShouldBeNull();
    }

    [Fact]
    public async Task Forged_tokens_fail_for_the_reason_they_were_forged_with()
    {
        (await ValidateAsync(await ForgeAsync(new { username = "developer" }))).ShouldBeNull();
        (await ValidateAsync(await ForgeAsync(new { username = "developer", expiresIn = -600 }))).ShouldBeOfType<SecurityTokenExpiredException>();
        (await ValidateAsync(await ForgeAsync(new { username = "developer", claims = new { aud = "another" } })))
            .ShouldBeOfType<SecurityTokenInvalidAudienceException>();
        (await ValidateAsync(await ForgeAsync(new { username = "developer", alg = "none" })))
            .ShouldBeOfType<SecurityTokenInvalidSignatureException>();
        (await ValidateAsync(await ForgeAsync(new { username = "developer", key = "unknown" })))
            .ShouldBeOfType<SecurityTokenSignatureKeyNotFoundException>();
        (await ValidateAsync(await ForgeAsync(new { username = "developer", alg = "HS256" }))).ShouldNotBeNull();
        new JsonWebToken(await ForgeAsync(new { username = "developer", claims = new { typ = "ID", groups = (string?)null } }))
            .TryGetPayloadValue<string[]>("groups", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_realm_has_its_own_issuer_and_keys()
    {
        using var created = await keycloak.Http.PostAsJsonAsync("/__admin/realms", new { realm = "other" });
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        var token = await ForgeAsync(new { username = "developer", realm = "other" });

        new JsonWebToken(token).Issuer.ShouldEndWith("/realms/other");
        (await ValidateAsync(token)).ShouldNotBeNull();
        using var unknown = await keycloak.Http.GetAsync("/realms/missing/.well-known/openid-configuration");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync()).ShouldBe("""{"error":"Realm does not exist"}""");
    }

    [Fact]
    public async Task Health_is_where_keycloak_has_it() =>
        (await keycloak.Http.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("status").GetString().ShouldBe("UP");

    private async Task<string> ForgeAsync(object order) => (await keycloak.ForgeAsync(order)).GetProperty("token").GetString()!;

    /// <summary>What is wrong with a token for the portal; null = nothing.</summary>
    private async Task<Exception?> ValidateAsync(string token)
    {
        var keys = new JsonWebKeySet(await keycloak.Http.GetStringAsync(keycloak.Endpoint("certs")));
        var result = await new JsonWebTokenHandler()
            .ValidateTokenAsync(token,
            new TokenValidationParameters
            {
                ValidIssuer = keycloak.Issuer,
                ValidAudience = "developer-portal",
                IssuerSigningKeys = keys.GetSigningKeys()
            });
        return result.Exception;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var (_, token) = await keycloak.TokenAsync(("grant_type", "client_credentials"), ("client_id", "developer-portal-sync"),
            ("client_secret", "developer-portal-sync-secret"));
        using var response = await SendAsync(path, token.GetProperty("access_token").GetString()!);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/realms/platform/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await keycloak.Http.SendAsync(request);
    }
}
