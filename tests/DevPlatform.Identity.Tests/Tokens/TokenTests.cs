using System.Net;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.Tokens;

[Collection(PlatformCollection.Name)]
public sealed class TokenTests(PlatformApi platform)
{
    [Fact]
    public async Task Accepts_an_access_token_of_the_realm()
    {
        var me = await platform.Client("developer").GetJsonAsync("/api/identity/me");

        me.GetProperty("userEntityRef").GetString().ShouldBe("user:default/developer");
        me.GetProperty("ownershipEntityRefs").Strings().ShouldBe(["user:default/developer", "group:default/aad-developers", "group:default/team-orders"]);
        me.GetProperty("groups").Strings().ShouldBe(["aad-developers"]);
        me.GetProperty("teams").Strings().ShouldBe(["team-orders"]);
    }

    [Fact]
    public async Task Accepts_PS256()
    {
        var token = await platform.Keycloak.ForgeAsync(new { username = "developer", alg = "PS256" });

        (await platform.ClientWithToken(token).GetAsync("/api/identity/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refuses_a_request_without_a_token()
    {
        var response = await platform.Client().GetAsync("/api/identity/me");

        await ShouldBe401Async(response, "Missing credentials");
    }

    public static TheoryData<string, object, string> Forgeries => new()
    {
        { "expired", new { username = "developer", expiresIn = -60 }, "expired" },
        { "another audience", new { username = "developer", claims = new { aud = "account" } }, "audience" },
        { "no audience", new { username = "developer", claims = new { aud = (string?)null } }, "audience" },
        { "another issuer", new { username = "developer", claims = new { iss = "https://evil.example/realms/platform" } }, "realm" },
        { "alg none", new { username = "developer", alg = "none" }, "Invalid token" },
        { "HS256 keyed with the public key", new { username = "developer", alg = "HS256" }, "Invalid token" },
        { "an algorithm that is not allowed", new { username = "developer", alg = "RS512" }, "Invalid token" },
        { "an unknown key", new { username = "developer", key = "unknown" }, "unknown key" },
        { "not valid yet", new { username = "developer", claims = new { nbf = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds() } }, "not valid yet" },
        { "no expiry", new { username = "developer", claims = new { exp = (long?)null } }, "Invalid token" },
        { "no subject", new { username = "developer", claims = new { sub = (string?)null } }, "\"sub\"" },
        { "no user name", new { username = "developer", claims = new { preferred_username = (string?)null } }, "\"preferred_username\"" },
        { "typ ID", new { username = "developer", claims = new { typ = "ID" } }, "\"typ\"" },
        { "typ Refresh", new { username = "developer", claims = new { typ = "Refresh" } }, "\"typ\"" },
        { "no typ", new { username = "developer", claims = new { typ = (string?)null } }, "\"typ\"" },
        { "a logout token", new { username = "developer", headerType = "logout+jwt" }, "Invalid token" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Refuses_a_forged_token(string what, object order, string reason)
    {
        var token = await platform.Keycloak.ForgeAsync(order);

        await ShouldBe401Async(await platform.ClientWithToken(token).GetAsync("/api/identity/me"), reason, what);
    }

    [Fact]
    public async Task Refuses_a_token_of_another_realm()
    {
        await platform.Keycloak.AdminAsync(HttpMethod.Post, "__admin/realms", new { realm = "other" });
        var token = await platform.Keycloak.ForgeAsync(new { username = "developer", realm = "other" });

        await ShouldBe401Async(await platform.ClientWithToken(token).GetAsync("/api/identity/me"), "Invalid token");
    }

    [Theory]
    [InlineData("id_token")]
    [InlineData("refresh_token")]
    public async Task Refuses_what_came_along_with_the_access_token(string member)
    {
        var token = await platform.Keycloak.TokenAsync("developer", member);

        await ShouldBe401Async(await platform.ClientWithToken(token).GetAsync("/api/identity/me"), "Invalid token");
    }

    [Fact]
    public async Task Refuses_a_token_whose_claims_were_changed()
    {
        var parts = (await platform.Keycloak.TokenAsync("developer")).Split('.');
        var claims = JsonSerializer.Deserialize<Dictionary<string, object>>(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(parts[1]))!;
        claims["preferred_username"] = "platform-admin";
        parts[1] = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(JsonSerializer.Serialize(claims));

        await ShouldBe401Async(await platform.ClientWithToken(string.Join('.', parts)).GetAsync("/api/identity/me"), "signature");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Refuses_what_is_no_token(string token) =>
        await ShouldBe401Async(await platform.ClientWithToken(token).GetAsync("/api/identity/me"), "Invalid token");

    [Fact]
    public async Task Counts_the_roles_of_its_own_client_but_not_of_others()
    {
        var token = await platform.Keycloak.ForgeAsync(new
        {
            username = "developer",
            claims = new Dictionary<string, object>
            {
                ["resource_access"] = new Dictionary<string, object>
                {
                    ["developer-portal"] = new { roles = new[] { "auditor" } },
                    ["grafana"] = new { roles = new[] { "platform-admin" } },
                },
            },
        });

        var me = await platform.ClientWithToken(token).GetJsonAsync("/api/identity/me");
        var roles = me.GetProperty("roles").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("effective").GetBoolean());
        roles.ShouldContainKeyAndValue("auditor", false);
        roles.ShouldContainKeyAndValue("developer", true);
        roles.ShouldNotContainKey("platform-admin");
    }

    private static async Task ShouldBe401Async(HttpResponseMessage response, string reason, string? what = null)
    {
        var body = await response.JsonAsync(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ShouldHaveSingleItem(what).Scheme.ShouldBe("Bearer", what);
        var error = body.GetProperty("error");
        error.GetProperty("name").GetString().ShouldBe("AuthenticationError");
        error.GetProperty("message").GetString()!.ShouldContain(reason, Case.Sensitive, what);
        body.GetProperty("response").GetProperty("statusCode").GetInt32().ShouldBe(401);
    }
}
