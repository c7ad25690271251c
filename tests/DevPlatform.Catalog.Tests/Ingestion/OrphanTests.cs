using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Ingestion;

[Collection(ExtendedCollection.Name)]
public sealed class OrphanTests(ExtendedPlatform platform)
{
    [Fact]
    public async Task An_entity_that_leaves_its_source_is_orphaned_until_that_has_it_again()
    {
        platform.Files.Put("back/a.yaml", Yaml.All(Yaml.Component("back-x", "back-team"), Yaml.Component("back-y", "back-team", "  dependsOn: [\"component:back-x\"]\n")));
        await platform.RegisterAsync("back/all.yaml", Yaml.All(Yaml.Location("back-all", "./a.yaml"), Yaml.Group("back-team")));
        var before = (await platform.EntityAsync("component", "back-x")).ShouldNotBeNull();

        platform.Files.Put("back/a.yaml", Yaml.Component("back-y", "back-team", "  dependsOn: [\"component:back-x\"]\n"));
        await platform.RefreshAsync("location:default/back-all");
        var orphan = await Eventually.GetAsync(async () => await platform.EntityAsync("component", "back-x") is { } e && e.Annotation("backstage.io/orphan") == "true" ? e : null, "the orphan");
        orphan.Annotation("devplatform.io/lifecycle").ShouldBe("Orphaned");
        orphan.StatusMessages().ShouldHaveSingleItem().ShouldContain("no longer in its source, url:" + platform.Files.Url("back/a.yaml"));
        orphan.Relations().ShouldBe(before.Relations());
        (await platform.NamesAsync("entities?filter=metadata.annotations.backstage.io/orphan=true,metadata.name=back-x")).ShouldBe(["back-x"]);
        (await platform.EntityAsync("component", "back-y"))!["status"].ShouldBeNull();

        platform.Files.Put("back/a.yaml", Yaml.All(Yaml.Component("back-x", "back-team"), Yaml.Component("back-y", "back-team")));
        await platform.RefreshAsync("location:default/back-all");
        var active = await Eventually.GetAsync(async () => await platform.EntityAsync("component", "back-x") is { } e && e["status"] is null ? e : null, "its return");
        active.Annotation("backstage.io/orphan").ShouldBeNull();
        active.Annotation("devplatform.io/lifecycle").ShouldBeNull();
        active["metadata"]!["uid"]!.ToString().ShouldBe(before["metadata"]!["uid"]!.ToString());
    }

    [Fact]
    public async Task An_orphan_may_be_deleted_and_does_not_return()
    {
        platform.Files.Put("gone/a.yaml", Yaml.Component("gone-x", "gone-team"));
        await platform.RegisterAsync("gone/all.yaml", Yaml.All(Yaml.Location("gone-all", "./a.yaml"), Yaml.Group("gone-team")));
        platform.Files.Put("gone/a.yaml", Yaml.Component("gone-y", "gone-team"));
        await platform.RefreshAsync("location:default/gone-all");
        var orphan = await Eventually.GetAsync(async () => await platform.EntityAsync("component", "gone-x") is { } e && e.Annotation("backstage.io/orphan") == "true" ? e : null, "the orphan");

        (await platform.Admin.DeleteAsync($"/api/catalog/entities/by-uid/{orphan["metadata"]!["uid"]}")).EnsureSuccessStatusCode();
        platform.Files.Put("gone/a.yaml", Yaml.Component("gone-y", "gone-team", metadata: "  description: newer\n"));
        await platform.RefreshAsync("location:default/gone-all");
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "gone-y"))?["metadata"]!["description"]?.ToString() == "newer", "the next run");
        (await platform.EntityAsync("component", "gone-x")).ShouldBeNull();
    }

    [Fact]
    public async Task Another_source_takes_an_orphan_over()
    {
        platform.Files.Put("move/old.yaml", Yaml.Component("move-x", "move-team"));
        await platform.RegisterAsync("move/all.yaml", Yaml.All(Yaml.Location("move-all", "./old.yaml"), Yaml.Group("move-team")));
        await platform.RegisterAsync("move/new.yaml", Yaml.Component("move-x", "move-team", metadata: "  description: moved\n"));
        (await platform.EntityAsync("component", "move-x"))!["metadata"]!["description"].ShouldBeNull();

        platform.Files.Put("move/old.yaml", Yaml.Component("move-y", "move-team"));
        await platform.RefreshAsync("location:default/move-all");
        var moved = await Eventually.GetAsync(async () => await platform.EntityAsync("component", "move-x") is { } e && e["metadata"]!["description"]?.ToString() == "moved" ? e : null, "the take-over");
        moved["status"].ShouldBeNull();
        moved.Annotation("backstage.io/orphan").ShouldBeNull();
        moved.Annotation("backstage.io/managed-by-location").ShouldBe("url:" + platform.Files.Url("move/new.yaml"));
    }
}
