using System.Text.Json.Nodes;

namespace DevPlatform.TopologyTests;

/// <summary>What is refused is refused with field, found and allowed, and leaves nothing behind.</summary>
[Collection(TopologyCollection.Name)]
public sealed class BadInputTests(Topology topology)
{
    [Fact]
    public async Task A_name_that_breaks_the_naming_rule_starts_nothing()
    {
        using var developer = await topology.SignInAsync("developer");
        await developer.PollAsync(
            "api/scaffolder/v2/templates/default/template/postgresql-database/parameter-schema", _ => true, TimeSpan.FromMinutes(2), "The template", default);
        var before = (await developer.GetAsync("api/scaffolder/v2/tasks", default))["tasks"]!.AsArray().Count;

        var message = await developer.RefusedAsync(400, HttpMethod.Post, "api/scaffolder/v2/tasks", Values("Not_A_Name"), default);

        message.ShouldContain("name");
        message.ShouldContain("Not_A_Name");
        (await developer.GetAsync("api/scaffolder/v2/tasks", default))["tasks"]!.AsArray().Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("api/catalog/entities/by-name/component/default/nobody-has-this", "nobody-has-this")]
    [InlineData("api/scaffolder/v2/tasks/6d2f2c0e-0000-7000-8000-000000000000", "6d2f2c0e-0000-7000-8000-000000000000")]
    [InlineData("api/no-such-route", "no-such-route")]
    public async Task What_does_not_exist_is_named(string path, string named)
    {
        using var developer = await topology.SignInAsync("developer");

        (await developer.RefusedAsync(404, HttpMethod.Get, path, null, default)).ShouldContain(named);
    }

    [Fact]
    public async Task The_role_without_the_azure_ad_group_is_refused_with_the_reason()
    {
        using var denied = await topology.SignInAsync("ceiling-denied");

        var message = await denied.RefusedAsync(403, HttpMethod.Post, "api/scaffolder/v2/tasks", Values("denied"), default);

        message.ShouldContain("aad-developers");
    }

    private static JsonObject Values(string name) => new()
    {
        ["templateRef"] = "template:default/postgresql-database",
        ["values"] = new JsonObject
        {
            ["name"] = name,
            ["owner"] = "group:default/team-orders",
            ["environment"] = "development",
            ["size"] = "small",
            ["storageGiB"] = 10,
            ["reason"] = "x",
        },
    };
}
