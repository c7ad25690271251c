using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Queries;

[Collection(CatalogCollection.Name)]
public sealed class QueryEntitiesTests(CatalogPlatform platform) : IAsyncLifetime
{
    private const string Mine = "metadata.labels.set=q";

    public async Task InitializeAsync()
    {
        if (await platform.EntityAsync("component", "q-1") is null)
        {
            var components = Enumerable.Range(1, 9).Select(i => Yaml.Component($"q-{i}", i % 2 == 0 ? "q-even" : "q-odd", metadata:
                $"  labels: {{ set: q, parity: {(i % 2 == 0 ? "Even" : "odd")} }}\n  tags: [t{i % 3}]\n{(i < 4 ? $"  title: Title {4 - i}\n" : "")}"));
            await platform.RegisterAsync("q/all.yaml", Yaml.All([.. components, Yaml.Group("q-even"), Yaml.Group("q-odd")]));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Pages_lead_forward_and_back_with_a_stable_total()
    {
        var pages = new List<List<string>>();
        var page = await platform.GetAsync($"entities/by-query?filter={Mine}&orderField=metadata.name,desc&limit=4");
        while (true)
        {
            pages.Add(Names(page));
            page["totalItems"]!.GetValue<int>().ShouldBe(9);
            if (page["pageInfo"]!["nextCursor"] is not { } next)
            {
                break;
            }

            page = await platform.GetAsync($"entities/by-query?limit=4&cursor={Uri.EscapeDataString(next.ToString())}");
        }

        pages.ShouldBe([["q-9", "q-8", "q-7", "q-6"], ["q-5", "q-4", "q-3", "q-2"], ["q-1"]]);
        page = await platform.GetAsync($"entities/by-query?limit=4&cursor={Uri.EscapeDataString(page["pageInfo"]!["prevCursor"]!.ToString())}");
        Names(page).ShouldBe(pages[1]);
        // What began as GET goes on as POST.
        page = (await platform.PostAsync("entities/by-query", new { limit = 4, cursor = page["pageInfo"]!["prevCursor"]!.ToString() })).Body!;
        Names(page).ShouldBe(pages[0]);
        page["pageInfo"]!["prevCursor"].ShouldBeNull();
    }

    [Theory]
    [InlineData("orderField=metadata.title&limit=9", "q-3 q-2 q-1", 3)]
    [InlineData("orderField=metadata.name,asc&offset=7", "q-8 q-9", 9)]
    [InlineData("orderField=metadata.name&fullTextFilterTerm=TLE%202&fullTextFilterFields=metadata.title,metadata.name", "q-2", 1)]
    [InlineData("orderField=metadata.name&limit=0", "", 9)]
    public async Task Orders_counts_and_searches(string query, string names, int total)
    {
        var page = await platform.GetAsync($"entities/by-query?filter={Mine}&{query}");
        (string.Join(' ', Names(page)), page["totalItems"]!.GetValue<int>()).ShouldBe((names, total));
        page["pageInfo"]!["prevCursor"].ShouldBeNull("a first page, and one at an offset, lead on but not back, as in Backstage");
    }

    [Fact]
    public async Task Predicates_select()
    {
        var query = new JsonObject
        {
            ["$all"] = new JsonArray(
                new JsonObject { ["metadata.labels.set"] = "q" },
                new JsonObject { ["$not"] = new JsonObject { ["metadata.tags"] = new JsonObject { ["$contains"] = "t0" } } },
                new JsonObject { ["relations"] = new JsonObject { ["$contains"] = new JsonObject { ["type"] = "ownedBy", ["targetRef"] = "group:default/q-even" } } }),
        };
        var (status, body) = await platform.PostAsync("entities/by-query", new { query, orderBy = new[] { new { field = "metadata.name", order = "asc" } }, fields = new[] { "metadata.name" } });
        status.ShouldBe(200);
        body!["items"]!.ToJsonString().ShouldBe("""[{"metadata":{"name":"q-2"}},{"metadata":{"name":"q-4"}},{"metadata":{"name":"q-8"}}]""");
    }

    [Fact]
    public async Task Facets_count_values_as_they_are_written() =>
        (await platform.GetAsync($"entity-facets?facet=metadata.labels.parity&facet=relations.ownedBy&filter={Mine}")).ToJsonString().ShouldBe(
            """{"facets":{"metadata.labels.parity":[{"value":"Even","count":4},{"value":"odd","count":5}],"relations.ownedBy":[{"value":"group:default/q-even","count":4},{"value":"group:default/q-odd","count":5}]}}""");

    [Fact]
    public async Task Refs_keep_their_order_and_gaps()
    {
        var (status, body) = await platform.PostAsync("entities/by-refs", new { entityRefs = new[] { "component:default/q-2", "component:default/q-none", "component:default/q-1", "Component:default/q-1" }, fields = new[] { "metadata.name" } });
        status.ShouldBe(200);
        body!.ToJsonString().ShouldBe("""{"items":[{"metadata":{"name":"q-2"}},null,{"metadata":{"name":"q-1"}},null]}""");
    }

    [Fact]
    public async Task The_plain_list_links_to_its_next_page()
    {
        using var response = await platform.Admin.GetAsync($"/api/catalog/entities?filter={Mine}&order=asc:metadata.name&limit=5&fields=metadata.name");
        var link = response.Headers.GetValues("link").ShouldHaveSingleItem();
        link.ShouldStartWith("</entities?");
        link.ShouldEndWith(">; rel=\"next\"");
        (await platform.NamesAsync(link[2..link.IndexOf('>', StringComparison.Ordinal)])).ShouldBe(["q-6", "q-7", "q-8", "q-9"]);
    }

    [Fact]
    public async Task Ancestry_leads_to_the_registered_location()
    {
        var ancestry = await platform.GetAsync("entities/by-name/component/default/q-1/ancestry");
        ancestry["rootEntityRef"]!.ToString().ShouldBe("component:default/q-1");
        var items = ancestry["items"]!.AsArray();
        items.Count.ShouldBe(2);
        items[0]!["parentEntityRefs"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldStartWith("location:default/generated-");
        items[1]!["entity"]!["spec"]!["target"]!.ToString().ShouldBe(platform.Files.Url("q/all.yaml"));
    }

    [Fact]
    public async Task An_unknown_entity_is_a_404_that_says_which()
    {
        using var response = await platform.Admin.GetAsync("/api/catalog/entities/by-name/component/default/nope");
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        body["error"]!.ToJsonString().ShouldContain("NotFoundError");
        body["error"]!["message"]!.ToString().ShouldBe("No entity named 'nope' found, with kind 'component' in namespace 'default'");
        body["request"]!["url"]!.ToString().ShouldBe("/entities/by-name/component/default/nope");
    }

    [Theory]
    [InlineData("entities?filter==x", "'=x' is not a valid statement")]
    [InlineData("entities?limit=0", "\"limit\" is not valid: found \"0\"")]
    [InlineData("entities?fields=a[0]", "array type fields are not supported")]
    [InlineData("entities?order=metadata.name", "metadata.name")]
    [InlineData("entities/by-query?cursor=zzz", "Malformed cursor")]
    [InlineData("entities/by-query?totalItems=maybe", "include or exclude")]
    [InlineData("entity-facets", "\"facet\" is not valid: found nothing")]
    public async Task Bad_queries_are_told_what_is_allowed(string path, string message)
    {
        using var response = await platform.Admin.GetAsync($"/api/catalog/{path}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString().ShouldContain(message);
    }

    [Fact]
    public async Task Owners_and_only_owners_remove_entities()
    {
        await platform.RegisterAsync("rm/a.yaml", Yaml.All(Yaml.Component("rm-theirs", "team-rm"), Yaml.Component("rm-mine", "team-orders"), Yaml.Group("team-rm")));
        (await DeleteAsync("rm-theirs")).ShouldBe(HttpStatusCode.Forbidden);
        (await DeleteAsync("rm-mine")).ShouldBe(HttpStatusCode.NoContent);
        (await platform.EntityAsync("component", "rm-theirs")).ShouldNotBeNull();

        async Task<HttpStatusCode> DeleteAsync(string name)
        {
            var uid = (await platform.EntityAsync("component", name))!["metadata"]!["uid"];
            using var response = await platform.Client("developer").DeleteAsync($"/api/catalog/entities/by-uid/{uid}");
            return response.StatusCode;
        }
    }

    private static List<string> Names(JsonNode page) => [.. page["items"]!.AsArray().Select(e => e!["metadata"]!["name"]!.ToString())];
}
