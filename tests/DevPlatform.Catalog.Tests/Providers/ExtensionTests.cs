using System.Text.Json.Nodes;
using DevPlatform.Catalog.Providers;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Providers;

/// <summary>A provider and a processor are one class each, registered in DI.</summary>
[Collection(ExtendedCollection.Name)]
public sealed class ExtensionTests(ExtendedPlatform platform)
{
    [Fact]
    public async Task A_providers_entities_come_change_and_go_and_a_bad_one_keeps_nothing_out()
    {
        await platform.Inventory.TellAsync((catalog, token) => catalog.SetEntitiesAsync("rack-1", [Server("inv-a"), Server("inv-b"), new JsonObject { ["kind"] = "Resource" }], token));
        var a = (await platform.EntityAsync("resource", "inv-a")).ShouldNotBeNull();
        a.Annotation("backstage.io/managed-by-location").ShouldBe("inventory:rack-1");
        a.Annotation("backstage.io/managed-by-origin-location").ShouldBe("inventory:rack-1");
        (await platform.EntityAsync("resource", "inv-b")).ShouldNotBeNull();

        await platform.Inventory.TellAsync((catalog, token) => catalog.SetEntitiesAsync("rack-1", [Server("inv-a", "changed")], token));
        (await platform.EntityAsync("resource", "inv-a"))!["metadata"]!["description"]!.ToString().ShouldBe("changed");
        (await platform.EntityAsync("resource", "inv-b"))!.Annotation("backstage.io/orphan").ShouldBe("true");
    }

    [Fact]
    public async Task A_providers_locations_are_read_and_read_again_when_their_version_changes()
    {
        var url = platform.Files.Put("inv/a.yaml", Yaml.All(Yaml.Component("inv-loc", "inv-team", metadata: "  description: one\n"), Yaml.Group("inv-team")));
        await platform.Inventory.TellAsync((catalog, token) => catalog.SetLocationsAsync([new ProvidedLocation(LocationKind.Url, url, "1")], token));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "inv-loc"), "the location");

        platform.Files.Put("inv/a.yaml", Yaml.All(Yaml.Component("inv-loc", "inv-team", metadata: "  description: two\n"), Yaml.Group("inv-team")));
        await platform.Inventory.TellAsync((catalog, token) => catalog.SetLocationsAsync([new ProvidedLocation(LocationKind.Url, url, "2")], token));
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "inv-loc"))!["metadata"]!["description"]!.ToString() == "two", "the new version");

        await platform.Inventory.TellAsync((catalog, token) => catalog.SetLocationsAsync([], token));
        (await platform.EntityAsync("component", "inv-loc")).ShouldBeNull();
    }

    [Fact]
    public async Task A_processor_completes_judges_and_leads_on()
    {
        platform.Files.Put("proc/more.yaml", Yaml.Component("proc-more", "proc-team"));
        await platform.RegisterAsync("proc/a.yaml", Yaml.All(Yaml.Component("proc-a", "proc-team", "  tier: standard\n  more: ./more.yaml\n"), Yaml.Group("proc-team")));
        (await platform.EntityAsync("component", "proc-a"))!["spec"]!["tier"]!.ToString().ShouldBe("silver");
        (await platform.EntityAsync("component", "proc-more")).ShouldNotBeNull();

        var (status, body) = await platform.PostAsync("locations", new { type = "url", target = platform.Files.Put("proc/bad.yaml", Yaml.Component("proc-b", "proc-team", "  tier: tin\n")) });
        status.ShouldBe(400);
        body!["error"]!["message"]!.ToString().ShouldContain("proc/bad.yaml:9: \"spec.tier\" is not valid: found \"tin\"");
    }

    private static JsonObject Server(string name, string? description = null) => new()
    {
        ["apiVersion"] = "backstage.io/v1alpha1",
        ["kind"] = "Resource",
        ["metadata"] = new JsonObject { ["name"] = name, ["description"] = description ?? "a server" },
        ["spec"] = new JsonObject { ["type"] = "server", ["owner"] = "inv-owners" },
    };
}
