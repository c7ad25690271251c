using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Permissions;

[Collection(CatalogCollection.Name)]
public sealed class ApplyConditionsTests(CatalogPlatform platform) : IAsyncLifetime
{
    private const string Path = ".well-known/backstage/permissions/apply-conditions";

    public Task InitializeAsync() => platform.RegisterOnceAsync("conditions/all.yaml", Yaml.All(
        Yaml.Component("cond-a", "cond-team", metadata: "  labels: { tier: gold }\n"), Yaml.Component("cond-mine", "team-orders"), Yaml.Group("cond-team")));

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("""{"rule":"IS_ENTITY_OWNER","resourceType":"catalog-entity","params":{"claims":["group:default/cond-team"]}}""", "ALLOW")]
    [InlineData("""{"rule":"IS_ENTITY_KIND","resourceType":"catalog-entity","params":{"kinds":["api"]}}""", "DENY")]
    [InlineData("""{"not":{"rule":"IS_ENTITY_KIND","resourceType":"catalog-entity","params":{"kinds":["api"]}}}""", "ALLOW")]
    [InlineData("""{"allOf":[{"rule":"HAS_LABEL","resourceType":"catalog-entity","params":{"label":"tier"}},{"rule":"HAS_LABEL","resourceType":"catalog-entity","params":{"label":"tier","value":"silver"}}]}""", "DENY")]
    [InlineData("""{"anyOf":[{"rule":"HAS_SPEC","resourceType":"catalog-entity","params":{"key":"type","value":"service"}},{"rule":"HAS_METADATA","resourceType":"catalog-entity","params":{"key":"nope"}}]}""", "ALLOW")]
    [InlineData("""{"rule":"HAS_ANNOTATION","resourceType":"catalog-entity","params":{"annotation":"nope"}}""", "DENY")]
    public async Task Says_whether_conditions_hold(string conditions, string result)
    {
        var (status, body) = await platform.PostAsync(Path, Question("component:default/Cond-A", JsonNode.Parse(conditions)!));
        status.ShouldBe(200, body?.ToJsonString());
        body!.ToJsonString().ShouldBe($$$"""{"items":[{"id":"1","result":"{{{result}}}"}]}""");
    }

    [Fact]
    public async Task The_permission_api_knows_whose_entities_are()
    {
        var permission = new { type = "resource", name = "catalog.entity.delete", attributes = new { action = "delete" }, resourceType = "catalog-entity" };
        using var response = await platform.Client("developer").PostAsJsonAsync("/api/permission/authorize", new
        {
            items = new object[]
            {
                new { id = "1", permission, resourceRef = "component:default/Cond-Mine" },
                new { id = "2", permission, resourceRef = new[] { "component:default/cond-a", "component:default/cond-mine", "component:default/cond-none", "?" } },
            },
        });
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"items":[{"id":"1","result":"ALLOW"},{"id":"2","result":["DENY","ALLOW","DENY","DENY"]}]}""");
    }

    [Fact]
    public async Task A_list_is_answered_with_a_list_and_what_the_caller_may_not_see_is_denied()
    {
        var question = Question(new JsonArray("component:default/cond-mine", "component:default/cond-a", "component:default/cond-none", "?"), Kind("component"));
        (await platform.PostAsync(Path, question)).Body!["items"]![0]!["result"]!.ToJsonString().ShouldBe("""["ALLOW","ALLOW","DENY","DENY"]""");
        using var response = await platform.Client("developer").PostAsJsonAsync(new Uri(await platform.OwnersOnlyAsync(), $"/api/catalog/{Path}"), question);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]![0]!["result"]!.ToJsonString().ShouldBe("""["ALLOW","DENY","DENY","DENY"]""");
    }

    [Theory]
    [InlineData("""{}""", "\"items\" is not valid")]
    [InlineData("""{"items":[],"more":1}""", "\"more\" is not known")]
    [InlineData("""{"items":[1]}""", "\"items[0]\" is not valid")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"component:a","resourceType":"catalog-entity"}]}""", "\"items[0].conditions\" is not valid")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a","resourceType":"other","conditions":{"rule":"HAS_LABEL","resourceType":"catalog-entity","params":{"label":"a"}}}]}""", "Unexpected resource types: other.")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a","resourceType":"catalog-entity","conditions":{"anyOf":[]}}]}""", "\"items[0].conditions.anyOf\" is not valid")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a","resourceType":"catalog-entity","conditions":{"anyOf":[],"not":{}}}]}""", "found \"anyOf, not\"")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a","resourceType":"catalog-entity","conditions":{"rule":"IS_NICE","resourceType":"catalog-entity","params":{}}}]}""", "\"items[0].conditions.rule\" is not valid: found \"IS_NICE\"; allowed: IS_ENTITY_KIND")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a","resourceType":"catalog-entity","conditions":{"rule":"HAS_LABEL","resourceType":"catalog-entity","params":{"key":"a"}}}]}""", "\"items[0].conditions.params.key\" is not known; allowed: label, value")]
    public async Task Bad_questions_are_told_which_field(string body, string message)
    {
        var (status, answer) = await platform.PostAsync(Path, JsonNode.Parse(body)!);
        status.ShouldBe(400);
        answer!["error"]!["message"]!.ToString().ShouldContain(message);
    }

    private static JsonObject Kind(string kind) =>
        new() { ["rule"] = "IS_ENTITY_KIND", ["resourceType"] = "catalog-entity", ["params"] = new JsonObject { ["kinds"] = new JsonArray(kind) } };

    private static JsonObject Question(JsonNode resourceRef, JsonNode conditions) => new()
    {
        ["items"] = new JsonArray(new JsonObject { ["id"] = "1", ["resourceRef"] = resourceRef, ["resourceType"] = "catalog-entity", ["conditions"] = conditions }),
    };
}
