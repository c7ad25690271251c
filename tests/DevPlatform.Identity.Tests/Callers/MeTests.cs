using System.Net;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.Callers;

[Collection(PlatformCollection.Name)]
public sealed class MeTests(PlatformApi platform)
{
    [Fact]
    public async Task Shows_which_roles_the_ceiling_takes_away()
    {
        var me = await platform.Client("ceiling-denied").GetJsonAsync("/api/identity/me");

        var roles = me.GetProperty("roles").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("effective").GetBoolean());
        roles["developer"].ShouldBeFalse();
        roles["dba-approver"].ShouldBeFalse();
        roles["platform-admin"].ShouldBeFalse();
    }

    [Fact]
    public async Task Says_when_groups_did_not_fit_into_the_token()
    {
        var token = await platform.Keycloak.ForgeAsync(new
        {
            username = "developer",
            claims = new Dictionary<string, object?> { ["groups"] = null, ["_claim_names"] = new { groups = "src1" } },
        });
        var client = platform.ClientWithToken(token);

        (await client.GetJsonAsync("/api/identity/me")).GetProperty("groupsProblem").GetString()!.ShouldContain("overage");
        var denial = await (await client.GetAsync("/api/identity/audit")).JsonAsync(HttpStatusCode.Forbidden);
        denial.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull();
    }

    [Fact]
    public async Task Capabilities_follow_the_account()
    {
        var developer = await CapabilitiesAsync("developer");
        var denied = await CapabilitiesAsync("ceiling-denied");

        developer["scaffolder.task.create"].ShouldBe("allow");
        developer["audit.read"].ShouldBe("deny");
        developer["catalog.entity.delete"].ShouldBe("conditional");
        denied["scaffolder.task.create"].ShouldBe("deny");
        denied["catalog.entity.delete"].ShouldBe("deny");
        denied["catalog.entity.read"].ShouldBe("allow");
    }

    /// <summary>Visible ⇔ permitted: what capabilities say is what the API does.</summary>
    [Theory]
    [InlineData("developer")]
    [InlineData("team-lead")]
    [InlineData("dba-approver")]
    [InlineData("platform-admin")]
    [InlineData("auditor")]
    [InlineData("ceiling-denied")]
    public async Task Capabilities_agree_with_the_endpoint(string account)
    {
        var allowed = (await CapabilitiesAsync(account))["audit.read"] == "allow";

        (await platform.Client(account).GetAsync("/api/identity/audit")).StatusCode.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    private async Task<Dictionary<string, string>> CapabilitiesAsync(string account) =>
        (await platform.Client(account).GetJsonAsync("/api/identity/capabilities")).GetProperty("permissions").Deserialize<Dictionary<string, string>>()!;
}
