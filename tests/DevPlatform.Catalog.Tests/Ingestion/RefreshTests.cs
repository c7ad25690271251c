using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Ingestion;

[Collection(CatalogCollection.Name)]
public sealed class RefreshTests(CatalogPlatform platform)
{
    [Fact]
    public async Task A_change_reaches_the_entity_and_its_neighbours_and_nobody_else()
    {
        platform.Files.Put("ch/a.yaml", Yaml.All(Yaml.Group("ch-team"), Yaml.Component("ch-a", "ch-team", "  dependsOn: [\"component:ch-b\"]\n"), Yaml.Component("ch-b", "ch-team"), Yaml.Component("ch-c", "ch-team")));
        await platform.RegisterAsync("ch/all.yaml", Yaml.Location("ch-all", "./a.yaml"));
        var before = await EntitiesAsync("ch-a", "ch-b", "ch-c");
        before["ch-b"].Relations().ShouldBe(["dependencyOf component:default/ch-a", "ownedBy group:default/ch-team"]);

        platform.Files.Put("ch/a.yaml", Yaml.All(Yaml.Group("ch-team"), Yaml.Component("ch-a", "ch-team", "  dependsOn: [\"component:ch-new\"]\n"), Yaml.Component("ch-b", "ch-team"), Yaml.Component("ch-c", "ch-team"), Yaml.Component("ch-new", "ch-team")));
        await platform.RefreshAsync("component:default/ch-a");
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "ch-a"))!.Relations().Contains("dependsOn component:default/ch-new"), "the change");

        var after = await EntitiesAsync("ch-a", "ch-b", "ch-c", "ch-new");
        after["ch-a"]["metadata"]!["uid"]!.ToString().ShouldBe(before["ch-a"]["metadata"]!["uid"]!.ToString());
        Etag(after["ch-a"]).ShouldNotBe(Etag(before["ch-a"]));
        after["ch-b"].Relations().ShouldBe(["ownedBy group:default/ch-team"]);
        after["ch-new"].Relations().ShouldContain("dependencyOf component:default/ch-a");
        Etag(after["ch-c"]).ShouldBe(Etag(before["ch-c"]));
    }

    [Fact]
    public async Task A_file_that_turns_bad_keeps_its_entities_until_it_is_repaired()
    {
        platform.Files.Put("tb/a.yaml", Yaml.Component("tb-a", "tb-team", metadata: "  description: good\n"));
        await platform.RegisterAsync("tb/all.yaml", Yaml.All(Yaml.Location("tb-all", "./a.yaml"), Yaml.Group("tb-team")));

        platform.Files.Put("tb/a.yaml", "kind: [unclosed\n");
        await platform.RefreshAsync("component:default/tb-a");
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("location", "tb-all"))!.StatusMessages().Any(m => m.Contains("tb/a.yaml:", StringComparison.Ordinal)), "the error on the Location");
        (await platform.EntityAsync("component", "tb-a"))!["metadata"]!["description"]!.ToString().ShouldBe("good");

        platform.Files.Put("tb/a.yaml", Yaml.Component("tb-a", "tb-team").Replace("  lifecycle: production\n", "", StringComparison.Ordinal));
        await platform.RefreshAsync("location:default/tb-all");
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "tb-a"))!.StatusMessages().Any(m => m.Contains("spec.lifecycle", StringComparison.Ordinal)), "the error on the entity");
        (await platform.EntityAsync("location", "tb-all"))!["status"].ShouldBeNull();

        platform.Files.Put("tb/a.yaml", Yaml.Component("tb-a", "tb-team", metadata: "  description: repaired\n"));
        await platform.RefreshAsync("location:default/tb-all");
        var repaired = await Eventually.GetAsync(async () => await platform.EntityAsync("component", "tb-a") is { } e && e["status"] is null ? e : null, "the repair");
        repaired["metadata"]!["description"]!.ToString().ShouldBe("repaired");
    }

    [Fact]
    public async Task What_leaves_its_file_leaves_the_catalog()
    {
        platform.Files.Put("lv/a.yaml", Yaml.All(Yaml.Component("lv-goes", "lv-team"), Yaml.Component("lv-stays", "lv-team", "  dependsOn: [\"component:lv-goes\"]\n")));
        await platform.RegisterAsync("lv/all.yaml", Yaml.All(Yaml.Location("lv-all", "./a.yaml"), Yaml.Group("lv-team")));
        platform.Files.Put("lv/a.yaml", Yaml.Component("lv-stays", "lv-team", "  dependsOn: [\"component:lv-goes\"]\n"));
        await platform.RefreshAsync("location:default/lv-all");
        await Eventually.HoldsAsync(async () => await platform.EntityAsync("component", "lv-goes") is null, "removal");
        (await platform.EntityAsync("component", "lv-stays"))!.Relations().ShouldContain("dependsOn component:default/lv-goes");
        (await platform.EntityAsync("group", "lv-team"))!.Relations().ShouldBe(["ownerOf component:default/lv-stays"]);
    }

    [Fact]
    public async Task An_entity_without_its_owner_is_orphaned_until_the_owner_appears()
    {
        await platform.RegisterAsync("or/a.yaml", Yaml.Component("or-a", "or-team"));
        var orphan = (await platform.EntityAsync("component", "or-a")).ShouldNotBeNull();
        orphan.Annotation("devplatform.io/lifecycle").ShouldBe("Orphaned");
        orphan.StatusMessages().ShouldHaveSingleItem().ShouldContain("group:default/or-team");
        (await platform.NamesAsync("entities?filter=metadata.annotations.devplatform.io/lifecycle=orphaned,metadata.name=or-a")).ShouldBe(["or-a"]);

        var owner = await platform.RegisterAsync("or/team.yaml", Yaml.Group("or-team"));
        var owned = (await platform.EntityAsync("component", "or-a"))!;
        owned["status"].ShouldBeNull();
        owned.Annotation("devplatform.io/lifecycle").ShouldBeNull();

        await platform.Admin.DeleteAsync($"/api/catalog/locations/{owner}");
        (await platform.EntityAsync("component", "or-a"))!.Annotation("devplatform.io/lifecycle").ShouldBe("Orphaned");
    }

    [Fact]
    public async Task An_unknown_owner_is_accepted_where_a_setting_says_so()
    {
        var replica = await platform.OwnersOnlyAsync();
        using var response = await platform.Admin.PostAsJsonAsync(
            new Uri(replica, "/api/catalog/locations"), new { type = "url", target = platform.Files.Put("accept/a.yaml", Yaml.Component("accept-a", "accept-nobody")) });
        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        var entity = JsonNode.Parse(await platform.Admin.GetStringAsync(new Uri(replica, "/api/catalog/entities/by-name/component/default/accept-a")))!.AsObject();
        entity["status"].ShouldBeNull();
        entity.Annotation("devplatform.io/lifecycle").ShouldBeNull();
    }

    [Fact]
    public async Task Placeholders_are_replaced_by_what_files_hold()
    {
        platform.Files.Put("ph/text.txt", "openapi: 3.0.0\n");
        platform.Files.Put("ph/data.json", """{"a":[1,null]}""");
        await platform.RegisterAsync("ph/a.yaml", Yaml.All(
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: ph-api }\nspec:\n  type: openapi\n  lifecycle: production\n  owner: ph-team\n  definition: { $text: ./text.txt }\n  more: { json: { $json: data.json }, other: { $unknown: x } }\n",
            Yaml.Group("ph-team")));
        var spec = (await platform.EntityAsync("api", "ph-api"))!["spec"]!;
        spec["definition"]!.ToString().ShouldBe("openapi: 3.0.0\n");
        spec["more"]!.ToJsonString().ShouldBe("""{"json":{"a":[1,null]},"other":{"$unknown":"x"}}""");
    }

    [Fact]
    public async Task Discovers_the_catalog_files_of_a_repository_and_follows_pushes()
    {
        var entity = await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-a"), "discovery");
        var url = platform.Git.FileUrl("acme", "discovered", "services/a/catalog-info.yaml");
        entity.Annotation("backstage.io/managed-by-location").ShouldBe($"url:{url}");
        entity.Annotation("backstage.io/source-location").ShouldBe($"url:{url.Replace("catalog-info.yaml", "", StringComparison.Ordinal)}");
        entity.Annotation("backstage.io/edit-url").ShouldBe(url.Replace("/src/", "/_edit/", StringComparison.Ordinal));
        var broken = (await platform.GetAsync("entities?filter=kind=location,spec.target=" + Uri.EscapeDataString(platform.Git.FileUrl("acme", "discovered", "services/broken/catalog-info.yaml")))).AsArray();
        broken.ShouldHaveSingleItem()!.AsObject().StatusMessages().ShouldHaveSingleItem().ShouldContain("services/broken/catalog-info.yaml:5: ");

        platform.Git.Push("acme", "discovered", ("services/b/catalog-info.yaml", Yaml.Component("discovered-b", "team-discovered")), ("services/a/catalog-info.yaml", null));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-b"), "the pushed file");
        (await platform.EntityAsync("component", "discovered-a")).ShouldBeNull();
        (await platform.EntityAsync("component", "discovered-root")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_file_of_a_discovered_repository_may_be_registered_too()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-root"), "discovery");
        var (status, body) = await platform.PostAsync("locations", new { type = "url", target = platform.Git.FileUrl("acme", "discovered", "catalog-info.yaml") });
        status.ShouldBe(201, body?.ToJsonString());
        (await platform.EntityAsync("component", "discovered-root"))!["status"].ShouldBeNull();
    }

    [Theory]
    [InlineData("../../../etc/passwd", "leads out of the repository")]
    [InlineData("./link.yaml", "symbolic link")]
    public async Task Nothing_outside_the_repository_is_read(string target, string reason)
    {
        var name = $"escape{target.Length}";
        platform.Git.Push("acme", "discovered", ($"{name}/catalog-info.yaml", Yaml.Location(name, target)));
        if (reason == "symbolic link")
        {
            platform.Git.PushLink("acme", "discovered", $"{name}/link.yaml", "../../../../etc/passwd");
        }

        await Eventually.HoldsAsync(
            async () => await platform.EntityAsync("location", name) is { } location && location.StatusMessages().Any(m => m.Contains(reason, StringComparison.Ordinal)), reason);
    }

    private static string Etag(JsonNode entity) => entity["metadata"]!["etag"]!.ToString();

    private async Task<Dictionary<string, JsonObject>> EntitiesAsync(params string[] names)
    {
        var found = new Dictionary<string, JsonObject>();
        foreach (var name in names)
        {
            found[name] = (await platform.EntityAsync("component", name)).ShouldNotBeNull();
        }

        return found;
    }
}
