using System.Text.Json.Nodes;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>Operations that must not happen end with the reason, and change nothing.</summary>
[Collection(TopologyCollection.Name)]
public sealed class RefusedOperationsTests(Topology topology)
{
    private const string ShopPg = "resource:default/shop-pg";

    public static TheoryData<string, string, string, string> Refusals => new()
    {
        { "sre-approver", "database-scale", $$"""{ "database": "{{ShopPg}}", "size": "medium", "reason": "It is not mine" }""", "which belongs to group:default/team-orders" },
        { "sre-approver", "database-delete", $$"""{ "database": "{{ShopPg}}", "confirm": "shop-pg", "reason": "It is not mine" }""", "which belongs to group:default/team-orders" },
        { "developer", "database-scale", $$"""{ "database": "{{ShopPg}}", "storageGiB": 2, "reason": "Too much" }""", "it never shrinks" },
        { "developer", "database-scale", $$"""{ "database": "{{ShopPg}}", "size": "large", "reason": "Too little" }""", "small in development" },
        { "developer", "database-delete", $$"""{ "database": "{{ShopPg}}", "confirm": "shop-mongo", "reason": "By mistake" }""", "\"confirm\" is not valid" },
        { "developer", "database-scale", """{ "database": "resource:default/shop-files", "size": "small", "reason": "Not a database" }""", "allowed: a database or cache" },
        { "developer", "avro-schema", """{ "name": "broken-avro", "description": "No schema", "owner": "group:default/team-orders", "schema": "{ \"type\": \"record\" }" }""", "No name in schema" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Is_refused_with_the_reason(string account, string template, string values, string reason)
    {
        await OfAsync("cdc-pipeline");
        await OfAsync("s3-bucket");
        var before = (await topology.CommitsAsync("platform/gitops")).Count(c => c.Contains("shop-pg", StringComparison.Ordinal));

        var run = await (await topology.TemplatesAsync()).RunAsync(account, new TemplateCase("refused", template, (JsonObject)JsonNode.Parse(values)!));

        run.Status.ShouldBe("failed", run.Log);
        run.Log.ShouldContain(reason);
        (await topology.CommitsAsync("platform/gitops")).Count(c => c.Contains("shop-pg", StringComparison.Ordinal)).ShouldBe(before);
    }

    private async Task<TemplateRun> OfAsync(string name) => await (await topology.TemplatesAsync()).OfAsync(name);
}
