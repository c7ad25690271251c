using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Providers;

/// <summary>Keycloak's users and groups, through its admin API and the catalog's.</summary>
[Collection(ExtendedCollection.Name)]
public sealed class OrganizationTests(ExtendedPlatform platform)
{
    [Fact]
    public async Task Users_groups_and_teams_of_the_realm_are_entities_named_as_tokens_name_them()
    {
        await SyncAsync();
        var user = (await platform.EntityAsync("user", "team-lead")).ShouldNotBeNull();
        user.Relations().ShouldBe(["memberOf group:default/aad-developers", "memberOf group:default/aad-team-leads", "memberOf group:default/team-orders"]);
        user["spec"]!["profile"]!["displayName"]!.ToString().ShouldBe("Tim Lead");
        user["spec"]!["profile"]!["email"]!.ToString().ShouldBe("team-lead@example.org");
        user.Annotation("keycloak.org/realm").ShouldBe("platform");
        var team = (await platform.EntityAsync("group", "team-orders")).ShouldNotBeNull();
        team["spec"]!["type"]!.ToString().ShouldBe("team");
        team.Relations().ShouldContain("hasMember user:default/team-lead");
    }

    [Fact]
    public async Task Who_leaves_orphans_what_they_owned_and_who_returns_takes_it_back()
    {
        await SyncAsync();
        await platform.RegisterAsync("org/owned.yaml", Yaml.Component("leavers-tool", "user:security-approver"));
        (await platform.EntityAsync("component", "leavers-tool"))!["status"].ShouldBeNull();

        await platform.Keycloak.AdminAsync(HttpMethod.Put, "__admin/users/security-approver", new { enabled = false });
        await SyncAsync();
        (await platform.EntityAsync("user", "security-approver"))!.Annotation("backstage.io/orphan").ShouldBe("true");

        await platform.Keycloak.AdminAsync(HttpMethod.Put, "__admin/users/security-approver", new { enabled = true });
        await SyncAsync();
        (await platform.EntityAsync("user", "security-approver"))!.Annotation("backstage.io/orphan").ShouldBeNull();
    }

    [Fact]
    public async Task A_file_may_describe_a_group_whichever_comes_first_and_Keycloak_gives_way()
    {
        await SyncAsync();
        await platform.RegisterAsync("org/group.yaml", Yaml.Group("team-security").Replace("  name: team-security\n", "  name: team-security\n  title: Guards\n", StringComparison.Ordinal));

        await SyncAsync();
        var group = (await platform.EntityAsync("group", "team-security")).ShouldNotBeNull();
        group["metadata"]!["title"]!.ToString().ShouldBe("Guards");
        group["status"].ShouldBeNull();
        group.Relations().ShouldContain("hasMember user:default/security-approver");
    }

    [Fact]
    public async Task While_Keycloak_answers_in_part_only_nobody_leaves()
    {
        await SyncAsync();
        await platform.Keycloak.AdminAsync(HttpMethod.Put, "__faults", new { path = "/admin/realms/platform/groups", status = 500 });
        try
        {
            using var response = await platform.Admin.PostAsync("/api/identity/organization/sync", null);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        finally
        {
            await platform.Keycloak.AdminAsync(HttpMethod.Delete, "__faults");
        }

        (await platform.EntityAsync("user", "team-lead"))!.Annotation("backstage.io/orphan").ShouldBeNull();
    }

    [Fact]
    public async Task Only_the_platforms_administrators_may_ask_for_it()
    {
        using var response = await platform.Client("developer").PostAsync("/api/identity/organization/sync", null);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task SyncAsync()
    {
        using var response = await platform.Admin.PostAsync("/api/identity/organization/sync", null);
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        JsonNode.Parse(body)!["users"]!.GetValue<int>().ShouldBeGreaterThan(5);
    }
}
