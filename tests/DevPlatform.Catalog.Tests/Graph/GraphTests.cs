using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Graph;

[Collection(CatalogCollection.Name)]
public sealed class GraphTests(CatalogPlatform platform) : IAsyncLifetime
{
    private const string Api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: g-api }\nspec: { type: openapi, lifecycle: production, owner: g-team, definition: x }\n";
    private const string System = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: { name: g-system }\nspec: { owner: g-team }\n";

    // g-web → g-api ← g-shop (in g-system) → g-db ← g-report, g-shop ⇄ g-cycle; g-web → g-hidden → g-far, whose ends are team-orders'.
    public Task InitializeAsync() => platform.RegisterOnceAsync("graph/all.yaml", Yaml.All(
        Yaml.Component("g-shop", "g-team", "  providesApis: [g-api]\n  dependsOn: [\"resource:g-db\", \"component:g-cycle\", \"component:g-nowhere\"]\n  system: g-system\n"),
        Yaml.Component("g-cycle", "g-team", "  dependsOn: [\"component:g-shop\"]\n"),
        Yaml.Component("g-web", "team-orders", "  consumesApis: [g-api]\n  dependsOn: [\"component:g-hidden\"]\n"),
        Yaml.Component("g-hidden", "g-team", "  dependsOn: [\"component:g-far\"]\n"),
        Yaml.Component("g-far", "team-orders"),
        Yaml.Component("g-report", "g-team", "  dependsOn: [\"resource:g-db\"]\n"),
        Yaml.Resource("g-db", "g-team"), Api, System, Yaml.Group("g-team")));

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("ref=resource:g-db&relations=dependsOn&direction=incoming", "0 g-db; 1 g-report g-shop", "g-report dependsOn g-db; g-shop dependsOn g-db")]
    [InlineData("ref=resource:g-db&relations=dependencyOf&direction=incoming", "0 g-db; 1 g-report g-shop", "g-report dependsOn g-db; g-shop dependsOn g-db")]
    [InlineData("ref=API:default/G-API&relations=consumesApi&direction=incoming", "0 g-api; 1 g-web", "g-web consumesApi g-api")]
    [InlineData("ref=component:g-shop&relations=dependsOn&direction=outgoing&depth=2", "0 g-shop; 1 g-cycle g-db", "g-cycle dependsOn g-shop; g-shop dependsOn g-cycle; g-shop dependsOn g-db")]
    [InlineData("ref=resource:g-db&direction=dependents&depth=3", "0 g-db; 1 g-report g-shop; 2 g-api g-cycle g-system; 3 g-web",
        "g-cycle dependsOn g-shop; g-report dependsOn g-db; g-shop dependsOn g-cycle; g-shop dependsOn g-db; g-shop partOf g-system; g-shop providesApi g-api; g-web consumesApi g-api")]
    [InlineData("ref=component:g-web&direction=dependencies&relations=consumesApi,providesApi&depth=9", "0 g-web; 1 g-api; 2 g-shop", "g-shop providesApi g-api; g-web consumesApi g-api")]
    [InlineData("ref=component:g-report", "0 g-report; 1 g-db g-team", "g-db ownedBy g-team; g-report dependsOn g-db; g-report ownedBy g-team")]
    public async Task Follows_relations(string query, string nodes, string edges)
    {
        var graph = await platform.GetAsync($"graph?{query}");
        Nodes(graph).ShouldBe(nodes);
        Edges(graph).ShouldBe(edges);
        graph["truncated"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task Keeps_the_nearest_when_there_are_too_many_and_cuts_entities_down()
    {
        var graph = await platform.GetAsync("graph?ref=resource:g-db&direction=dependents&depth=3&limit=3&fields=metadata.name");
        Nodes(graph).ShouldBe("0 g-db; 1 g-report g-shop");
        graph["truncated"]!.GetValue<bool>().ShouldBeTrue();
        graph["nodes"]![0]!["entity"]!.ToJsonString().ShouldBe("""{"metadata":{"name":"g-db"}}""");
    }

    [Fact]
    public async Task Shows_and_walks_through_only_what_the_caller_may_see()
    {
        var url = new Uri(await platform.OwnersOnlyAsync(), "/api/catalog/graph?depth=5&ref=component:g-");
        Nodes(JsonNode.Parse(await platform.Client("developer").GetStringAsync($"{url}web"))!).ShouldBe("0 g-web");
        Nodes(JsonNode.Parse(await platform.Admin.GetStringAsync($"{url}web&relations=dependsOn&direction=outgoing"))!).ShouldBe("0 g-web; 1 g-hidden; 2 g-far");
        using var hidden = await platform.Client("developer").GetAsync($"{url}hidden");
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("", "\"ref\" is not valid: found nothing")]
    [InlineData("ref=g-db", "\"ref\" is not valid: found \"g-db\"")]
    [InlineData("ref=resource:g-db&depth=11", "\"depth\" is not valid: found \"11\"; allowed: a whole number, 1 to 10")]
    [InlineData("ref=resource:g-db&limit=1001", "\"limit\" is not valid: found \"1001\"; allowed: a whole number, 1 to 1000")]
    [InlineData("ref=resource:g-db&direction=up", "\"direction\" is not valid: found \"up\"; allowed: both, outgoing, incoming, dependencies, dependents")]
    [InlineData("ref=resource:g-db&relations=dependsOn,likes", "\"relations\" is not valid: found \"likes\"; allowed: ownedBy, ownerOf")]
    [InlineData("ref=resource:g-db&relations=ownedBy&direction=dependents", "\"relations\" is not valid: found \"ownedBy\"; allowed: partOf, hasPart, providesApi")]
    public async Task Bad_questions_are_told_what_is_allowed(string query, string message)
    {
        using var response = await platform.Admin.GetAsync($"/api/catalog/graph?{query}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString().ShouldContain(message);
    }

    private static string Nodes(JsonNode graph) => string.Join("; ", graph["nodes"]!.AsArray()
        .GroupBy(node => node!["depth"]!.GetValue<int>(), node => node!["entity"]!["metadata"]!["name"]!.ToString())
        .Select(level => $"{level.Key} {string.Join(' ', level.Order(StringComparer.Ordinal))}"));

    private static string Edges(JsonNode graph) => string.Join("; ", graph["edges"]!.AsArray()
        .Select(edge => $"{Name(edge!["source"]!)} {edge["type"]} {Name(edge["target"]!)}").Order(StringComparer.Ordinal));

    private static string Name(JsonNode entityRef) => entityRef.ToString().Split('/')[1];
}
