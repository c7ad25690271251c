using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>Search finds what documentation says, as long as it is there and by whom its entity may be seen.</summary>
[Collection(CatalogCollection.Name)]
public sealed class SearchableDocsTests(CatalogPlatform platform)
{
    private const string Guide = "# Guide\n\nFeed the bilby.\n\n## Install & run\n\nUnpack the bettong.\n";

    [Fact]
    public async Task Sections_are_found_under_their_page_and_anchor()
    {
        await RegisterAsync("found", ("docs/index.md", "# Welcome\n\nNothing here.\n"), ("docs/guide.md", Guide));
        await SyncAsync("found");

        var result = (await SearchAsync("term=bettong&types[]=techdocs&filters[name]=sd-found")).Single(r => r["document"]!["path"]!.ToString().Contains('#'));

        result["type"]!.ToString().ShouldBe("techdocs");
        result["document"]!.ToJsonString(Readable).ShouldBe(
            """{"title":"Install & run","text":"Unpack the bettong.","location":"/docs/default/component/sd-found/guide/#install-run","kind":"Component","namespace":"default","componentType":"service","lifecycle":"production","owner":"team-discovered","name":"sd-found","path":"guide/#install-run","entityTitle":"Found it"}""");
        (await SearchAsync("term=bilby&types[]=techdocs&filters[component]=sd-found")).Select(r => r["document"]!["path"]!.ToString()).Order(StringComparer.Ordinal).ShouldBe(["guide/", "guide/#guide"]);
        (await SearchAsync("term=bettong&filters[owner]=group:default/team-discovered")).ShouldNotBeEmpty();
        (await SearchAsync("term=bettong&types[]=software-catalog")).ShouldBeEmpty();

        var replica = await platform.OwnersOnlyAsync();
        JsonNode.Parse(await platform.Client("developer").GetStringAsync(new Uri(replica, "/api/search/query?term=bettong")))!["numberOfResults"]!.GetValue<int>().ShouldBe(0, "the entity is not theirs to see");
    }

    [Fact]
    public async Task What_is_changed_or_gone_is_found_no_more()
    {
        await RegisterAsync("gone", ("docs/index.md", "# Potoroo\n\nAbout the potoroo.\n"));
        await SyncAsync("gone");
        (await FindsAsync("potoroo")).ShouldBeTrue();

        platform.Git.Push("acme", "discovered", ("sd-gone/docs/index.md", "# Changed\n\nAbout the wallaroo.\n"));
        (await SyncAsync("gone")).ShouldContain("\"updated\":true");
        (await FindsAsync("potoroo")).ShouldBeFalse();
        (await FindsAsync("wallaroo")).ShouldBeTrue();

        // The entity says no more that it has documentation, then says so again.
        await RegisterAsync("gone", annotated: false);
        await Eventually.HoldsAsync(async () => !await FindsAsync("wallaroo"), "nothing without the annotation", 60);
        await RegisterAsync("gone");
        await SyncAsync("gone");
        (await FindsAsync("wallaroo")).ShouldBeTrue("the same commit is published again");

        platform.Git.Push("acme", "discovered", ("sd-gone/docs/index.md", null));
        (await SyncAsync("gone")).ShouldContain("there is no documentation to build");
        (await FindsAsync("wallaroo")).ShouldBeFalse();

        platform.Git.Push("acme", "discovered", ("sd-gone/docs/index.md", "# Back\n\nThe wallaroo is back.\n"));
        await SyncAsync("gone");
        (await FindsAsync("wallaroo")).ShouldBeTrue();
        platform.Git.Push("acme", "discovered", ("sd-gone/catalog-info.yaml", null));
        await Eventually.HoldsAsync(async () => !await FindsAsync("wallaroo"), "nothing without the entity", 60);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<bool> FindsAsync(string term) => (await SearchAsync($"term={term}&types[]=techdocs&filters[name]=sd-gone")).Count > 0;

    private async Task<List<JsonNode>> SearchAsync(string query) =>
        [.. JsonNode.Parse(await platform.Admin.GetStringAsync($"/api/search/query?{query}"))!["results"]!.AsArray().Select(r => r!)];

    private Task<string> SyncAsync(string name) => platform.Admin.GetStringAsync($"/api/techdocs/sync/default/component/sd-{name}");

    private Task RegisterAsync(string name, params (string Path, string Text)[] docs) => RegisterAsync(name, annotated: true, docs);

    private async Task RegisterAsync(string name, bool annotated, params (string Path, string Text)[] docs)
    {
        var annotation = annotated ? "  annotations:\n    backstage.io/techdocs-ref: dir:.\n" : "";
        var entity = Yaml.Component($"sd-{name}", "team-discovered", metadata: $"  title: Found it\n{annotation}");
        platform.Git.Push("acme", "discovered", [($"sd-{name}/catalog-info.yaml", entity), .. docs.Select(doc => ($"sd-{name}/{doc.Path}", (string?)doc.Text))]);
        await Eventually.HoldsAsync(
            async () => await platform.EntityAsync("component", $"sd-{name}") is { } found && found.Annotation("backstage.io/techdocs-ref") is not null == annotated, $"entity sd-{name}", 60);
    }
}
