using System.Text.Json.Nodes;

namespace DevPlatform.TopologyTests;

/// <summary>What the topology's catalog learns from: Keycloak's organization, and pushes that the Git server tells of.</summary>
[Collection(TopologyCollection.Name)]
public sealed class CatalogSourcesTests(Topology topology)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_accounts_of_the_realm_are_users_in_teams_that_files_describe()
    {
        using var developer = await topology.SignInAsync("developer");

        var user = await developer.PollAsync("api/catalog/entities/by-name/user/default/developer", _ => true, Limit, "The user", default);
        var team = await developer.PollAsync(
            "api/catalog/entities/by-name/group/default/team-orders", group => group["metadata"]!["title"]?.GetValue<string>() == "Orders", Limit, "The team's file", default);

        user["metadata"]!["annotations"]!["keycloak.org/realm"]!.GetValue<string>().ShouldBe("platform");
        team["status"].ShouldBeNull();
        Related(team, "hasMember").ShouldContain("user:default/developer");
    }

    [Fact]
    public async Task A_push_is_in_the_catalog_without_waiting_for_the_next_look()
    {
        using var developer = await topology.SignInAsync("developer");
        await developer.PollAsync("api/catalog/entities/by-name/component/default/orders-worker", _ => true, Limit, "The component", default);
        var title = $"Worker {Guid.NewGuid():N}";

        await topology.EditAsync("orders/orders-worker", "catalog-info.yaml", text => text.Replace("title: Orders worker", $"title: {title}", StringComparison.Ordinal));

        await developer.PollAsync(
            "api/catalog/entities/by-name/component/default/orders-worker", entity => entity["metadata"]!["title"]?.GetValue<string>() == title, Limit, "The new title", default);
    }

    private static IEnumerable<string> Related(JsonNode entity, string type) =>
        entity["relations"]!.AsArray().Where(r => r!["type"]!.GetValue<string>() == type).Select(r => r!["targetRef"]!.GetValue<string>());
}
