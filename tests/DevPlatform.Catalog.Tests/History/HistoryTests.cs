using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.History;

[Collection(CatalogCollection.Name)]
public sealed class HistoryTests(CatalogPlatform platform)
{
    [Fact]
    public async Task Tells_who_registered_an_entity_what_changed_and_who_removed_it()
    {
        var location = await platform.RegisterAsync("hist/a.yaml", Yaml.All(Yaml.Component("hist-a", "hist-one"), Yaml.Group("hist-one"), Yaml.Group("hist-two")));
        platform.Files.Put("hist/a.yaml", Yaml.All(Yaml.Component("hist-a", "hist-two", metadata: "  title: New\n"), Yaml.Group("hist-one"), Yaml.Group("hist-two")));
        await platform.RefreshAsync("component:default/hist-a");
        await Eventually.HoldsAsync(async () => (await HistoryAsync("hist-a")).Count == 2, "the change is in history");
        var changed = (await HistoryAsync("hist-a"))[0];
        changed["change"]!.ToString().ShouldBe("updated");
        changed["by"]!.ToString().ShouldBe("ingestion");
        changed["source"]!.ToString().ShouldBe($"url:{platform.Files.Url("hist/a.yaml")}");
        changed["lifecycle"].ShouldBeNull();
        changed["owner"]!.ToJsonString().ShouldBe("""{"from":"group:default/hist-one","to":"group:default/hist-two"}""");
        changed["fields"]!.ToJsonString().ShouldBe("""[{"field":"metadata.title","from":null,"to":"New"},{"field":"spec.owner","from":"hist-one","to":"hist-two"}]""");

        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{location}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var all = await HistoryAsync("hist-a");
        all.Select(h => (h["change"]!.ToString(), h["by"]!.ToString(), h["lifecycle"]?.ToJsonString())).ShouldBe(
        [
            ("deleted", "user:default/platform-admin", """{"from":"Active","to":"Deleted"}"""),
            ("updated", "ingestion", null),
            ("registered", "user:default/platform-admin", """{"from":"Registered","to":"Active"}"""),
        ]);
    }

    [Fact]
    public async Task Lifecycle_goes_to_Orphaned_and_back_with_the_owner()
    {
        await platform.RegisterAsync("hist/o.yaml", Yaml.Component("hist-o", "hist-late"));
        var owner = await platform.RegisterAsync("hist/og.yaml", Yaml.Group("hist-late"));
        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{owner}")).EnsureSuccessStatusCode();
        (await HistoryAsync("hist-o", "?only=lifecycle")).Select(h => $"{h["lifecycle"]!["from"]} {h["lifecycle"]!["to"]}")
            .ShouldBe(["Active Orphaned", "Orphaned Active", "Registered Orphaned"]);
    }

    [Fact]
    public async Task Discovered_entities_say_so_and_name_their_commit()
    {
        await Eventually.HoldsAsync(async () => await platform.EntityAsync("component", "discovered-a") is not null, "discovery");
        var first = (await HistoryAsync("discovered-a"))[^1];
        first["change"]!.ToString().ShouldBe("discovered");
        first["by"]!.ToString().ShouldBe("discovery");
        first["lifecycle"]!["from"]!.ToString().ShouldBe("Discovered");
        first["revision"]!.ToString().ShouldMatch("^[0-9a-f]{40}$");
    }

    [Fact]
    public async Task Pages_lead_to_the_oldest_change()
    {
        await platform.RegisterAsync("hist/p.yaml", Yaml.All(Yaml.Component("hist-p", "hist-pg"), Yaml.Group("hist-pg")));
        for (var i = 0; i < 4; i++)
        {
            var title = $"Title {i}";
            platform.Files.Put("hist/p.yaml", Yaml.All(Yaml.Component("hist-p", "hist-pg", metadata: $"  title: {title}\n"), Yaml.Group("hist-pg")));
            await platform.RefreshAsync("component:default/hist-p");
            await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "hist-p"))!["metadata"]!["title"]?.ToString() == title, title);
        }

        var titles = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await platform.GetAsync($"entities/by-name/component/default/hist-p/history?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            titles.AddRange(page["items"]!.AsArray().Select(h => h!["fields"]?[0]!["to"]!.ToString()));
            cursor = page["pageInfo"]!["nextCursor"]?.ToString();
        }
        while (cursor is not null);
        titles.ShouldBe(["Title 3", "Title 2", "Title 1", "Title 0", null]);
    }

    [Theory]
    [InlineData("component/default/hist-none/history", HttpStatusCode.NotFound, "No entity named 'hist-none' found")]
    [InlineData("component/default/discovered-a/history?limit=501", HttpStatusCode.BadRequest, "from 1 to 500")]
    [InlineData("component/default/discovered-a/history?only=x", HttpStatusCode.BadRequest, "lifecycle or owner")]
    [InlineData("component/default/discovered-a/history?cursor=zz", HttpStatusCode.BadRequest, "Malformed cursor")]
    public async Task Bad_questions_are_told_why(string path, HttpStatusCode status, string message)
    {
        await Eventually.HoldsAsync(async () => await platform.EntityAsync("component", "discovered-a") is not null, "discovery");
        using var response = await platform.Admin.GetAsync($"/api/catalog/entities/by-name/{path}");
        response.StatusCode.ShouldBe(status);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString().ShouldContain(message);
    }

    private async Task<List<JsonNode>> HistoryAsync(string name, string query = "") =>
        [.. (await platform.GetAsync($"entities/by-name/component/default/{name}/history{query}"))["items"]!.AsArray().Select(h => h!)];
}
