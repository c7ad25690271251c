using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Ingestion;

[Collection(CatalogCollection.Name)]
public sealed class LocationTreeTests(CatalogPlatform platform)
{
    [Fact]
    public async Task A_location_that_leads_back_to_itself_is_refused_there_and_the_rest_is_read()
    {
        platform.Files.Put("cycle/b.yaml", Yaml.All(Yaml.Component("cycle-b", "cycle-team"), Yaml.Location("cycle-b", "./c.yaml", "./a.yaml")));
        platform.Files.Put("cycle/c.yaml", Yaml.Component("cycle-c", "cycle-team"));
        await platform.RegisterAsync("cycle/a.yaml", Yaml.All(Yaml.Location("cycle-a", "./b.yaml", "./a.yaml"), Yaml.Group("cycle-team")));
        (await platform.EntityAsync("component", "cycle-b")).ShouldNotBeNull();
        (await platform.EntityAsync("component", "cycle-c")).ShouldNotBeNull();

        var (a, b) = (platform.Files.Url("cycle/a.yaml"), platform.Files.Url("cycle/b.yaml"));
        (await platform.EntityAsync("location", "cycle-b"))!.StatusMessages().ShouldBe([$"{b}:16: ./a.yaml is not read: it leads back to itself: {a} → {b} → {a}"]);
        (await platform.EntityAsync("location", "cycle-a"))!.StatusMessages().ShouldBe([$"{a}:7: ./a.yaml is not read: it leads back to itself: {a} → {a}"]);
    }

    [Fact]
    public async Task A_file_that_two_locations_name_is_read_once_and_that_is_no_error()
    {
        platform.Files.Put("twice/c.yaml", Yaml.Component("twice-c", "twice-team"));
        platform.Files.Put("twice/b1.yaml", Yaml.Location("twice-b1", "./c.yaml"));
        platform.Files.Put("twice/b2.yaml", Yaml.Location("twice-b2", "./c.yaml"));
        await platform.RegisterAsync("twice/a.yaml", Yaml.All(Yaml.Location("twice-a", "./b1.yaml", "./b2.yaml"), Yaml.Group("twice-team")));
        (await platform.EntityAsync("component", "twice-c"))!["status"].ShouldBeNull();
        (await platform.EntityAsync("location", "twice-b1"))!["status"].ShouldBeNull();
        (await platform.EntityAsync("location", "twice-b2"))!["status"].ShouldBeNull();
    }

    [Fact]
    public async Task The_second_location_of_an_entity_says_so_and_the_first_is_not_touched()
    {
        await platform.RegisterAsync("two/first.yaml", Yaml.All(Yaml.Component("two-x", "two-team"), Yaml.Group("two-team")));
        var winner = await platform.EntityAsync("component", "two-x");
        platform.Files.Put("two/inner.yaml", Yaml.All(Yaml.Component("two-x", "two-team", metadata: "  description: mine\n"), Yaml.Component("two-y", "two-team")));
        await platform.RegisterAsync("two/second.yaml", Yaml.Location("two-second", "./inner.yaml"));

        (await platform.EntityAsync("component", "two-x"))!.ToJsonString().ShouldBe(winner!.ToJsonString());
        (await platform.EntityAsync("component", "two-y")).ShouldNotBeNull();
        (await platform.EntityAsync("location", "two-second"))!.StatusMessages()
            .ShouldBe([$"{platform.Files.Url("two/inner.yaml")}: component:default/two-x is already defined in {platform.Files.Url("two/first.yaml")}"]);
    }

    [Fact]
    public async Task An_entity_without_owner_gets_the_one_that_CODEOWNERS_names_for_its_file()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "discovered-root"), "discovery");
        const string yaml = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: co-NAME }\nspec: { type: service, lifecycle: production }\n";
        platform.Git.Push(
            "acme", "discovered", (".github/CODEOWNERS", "/owned/ @acme/team-discovered\n"),
            ("owned/catalog-info.yaml", yaml.Replace("NAME", "owned", StringComparison.Ordinal)), ("unowned/catalog-info.yaml", yaml.Replace("NAME", "unowned", StringComparison.Ordinal)));
        var owned = await Eventually.GetAsync(() => platform.EntityAsync("component", "co-owned"), "the owned entity");
        owned.Relations().ShouldBe(["ownedBy group:default/team-discovered"]);
        (await platform.EntityAsync("component", "co-unowned")).ShouldBeNull();
        var location = (await platform.GetAsync("entities?filter=kind=location,spec.target=" + Uri.EscapeDataString(platform.Git.FileUrl("acme", "discovered", "unowned/catalog-info.yaml")))).AsArray();
        location.ShouldHaveSingleItem()!.AsObject().StatusMessages().ShouldHaveSingleItem().ShouldContain("\"spec.owner\" is not valid: found nothing");
    }
}
