using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Search;
using DevPlatform.Catalog.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Tests.Search;

[Collection(CatalogCollection.Name)]
public sealed class SearchTests(CatalogPlatform platform)
{
    [Fact]
    public async Task Finds_what_was_just_registered_changed_and_removed()
    {
        var location = await platform.RegisterAsync("find/a.yaml", Yaml.All(Yaml.Component("find-quokka", "find-team", metadata: "  description: Hops about\n"), Yaml.Group("find-team")));
        var result = (await SearchAsync("term=quokka"))["results"]!.AsArray().ShouldHaveSingleItem()!;
        result["document"]!.ToJsonString().ShouldBe(
            """{"title":"find-quokka","text":"Hops about","location":"/catalog/default/component/find-quokka","kind":"Component","namespace":"default","type":"service","componentType":"service","lifecycle":"production","owner":"find-team"}""");
        var marks = result["highlight"]!;
        marks["fields"]!["title"]!.ToString().ShouldBe($"find-{marks["preTag"]}quokka{marks["postTag"]}");

        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{location}")).EnsureSuccessStatusCode();
        (await LocationsAsync("term=quokka")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Titles_rank_before_texts_and_those_before_owners()
    {
        await platform.RegisterAsync("find/rank.yaml", Yaml.All(
            Yaml.Component("find-r1", "wombat"), Yaml.Component("find-r2", "find-rank", metadata: "  description: Uses the wombat\n"),
            Yaml.Component("wombat-store", "find-rank"), Yaml.Component("wombat", "find-rank"), Yaml.Group("find-rank")));
        (await LocationsAsync("term=Wombat&types[]=software-catalog&filters[kind]=Component"))
            .ShouldBe(["wombat", "wombat-store", "find-r2", "find-r1"]);
    }

    [Theory]
    [InlineData("term=numbats", "numbat")]
    [InlineData("term=NUMB", "numbat")]
    [InlineData("term=mumbat", "numbat")]
    [InlineData("term=numbat&filters[tag]=ants", "numbat")]
    [InlineData("term=numbat&filters[owner]=find-words", "numbat")]
    [InlineData("term=numbat&filters[owner][0]=x&filters[owner][1]=group:default/find-words", "numbat")]
    [InlineData("term=numbat&filters[component]=numbat", "numbat")]
    [InlineData("term=numbat&filters[lifecycle]=Production", null)]
    [InlineData("term=numbat&filters[colour]=red", null)]
    [InlineData("term=numbat&filters[kind]=API", null)]
    [InlineData("term=numbat+platypus", null)]
    [InlineData("term=%25%00'%5C", null)]
    public async Task Words_forms_prefixes_typos_and_filters(string query, string? found)
    {
        await platform.RegisterOnceAsync("find/words.yaml", Yaml.All(Yaml.Component("numbat", "find-words", metadata: "  tags: [ants]\n"), Yaml.Group("find-words")));
        (await LocationsAsync(query)).ShouldBe(found is null ? [] : [found]);
    }

    [Fact]
    public async Task Pages_hold_every_result_once_and_lead_both_ways()
    {
        await platform.RegisterAsync("find/pages.yaml", Yaml.All([.. Enumerable.Range(10, 25).Select(i => Yaml.Component($"dingo-{i}", "find-pages")), Yaml.Group("find-pages")]));
        var seen = new List<string>();
        var ranks = new List<int>();
        JsonNode page;
        string? cursor = null;
        do
        {
            page = await SearchAsync($"term=dingo&pageLimit=10{(cursor is null ? "" : $"&pageCursor={cursor}")}");
            page["numberOfResults"]!.GetValue<int>().ShouldBe(25);
            seen.AddRange(page["results"]!.AsArray().Select(Name));
            ranks.AddRange(page["results"]!.AsArray().Select(r => r!["rank"]!.GetValue<int>()));
            cursor = page["nextPageCursor"]?.ToString();
        }
        while (cursor is not null);
        seen.ShouldBe(Enumerable.Range(10, 25).Select(i => $"dingo-{i}"));
        ranks.ShouldBe(Enumerable.Range(1, 25));
        (await SearchAsync($"term=dingo&pageLimit=10&pageCursor={page["previousPageCursor"]}"))["results"]![0]!["rank"]!.GetValue<int>().ShouldBe(11);
    }

    [Fact]
    public async Task Documentation_is_found_with_its_entity_and_replaced_as_a_whole()
    {
        await platform.RegisterAsync("find/docs.yaml", Yaml.All(Yaml.Component("find-docs", "find-dt"), Yaml.Group("find-dt")));
        await WriteAsync(new DocumentSection("Install", "Unpack the bilby", "guide/#install"), new DocumentSection("Remove", "Let the bilby go", "guide/#remove"));
        var first = (await SearchAsync("term=bilby&types[]=techdocs&filters[name]=find-docs"))["results"]![0]!;
        first["type"]!.ToString().ShouldBe("techdocs");
        first["document"]!["location"]!.ToString().ShouldBe("/docs/default/component/find-docs/guide/#install");
        first["document"]!["entityTitle"]!.ToString().ShouldBe("find-docs");

        await WriteAsync(new DocumentSection("Start", "No marsupial here", ""));
        (await SearchAsync("term=bilby&types[]=techdocs"))["numberOfResults"]!.GetValue<int>().ShouldBe(0);
        (await SearchAsync("term=marsupial"))["numberOfResults"]!.GetValue<int>().ShouldBe(1);

        async Task WriteAsync(params DocumentSection[] sections)
        {
            await using var scope = platform.Services.CreateAsyncScope();
            var documents = scope.ServiceProvider.GetRequiredService<SearchDocuments>();
            (await documents.ReplaceAsync("component:default/find-docs", sections, CancellationToken.None)).ShouldBeTrue();
            (await documents.ReplaceAsync("component:default/find-none", sections, CancellationToken.None)).ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("types[0]=nope", "types")]
    [InlineData("pageLimit=101", "The page limit \"101\" is greater than \"100\"")]
    [InlineData("pageLimit=-1", "pageLimit")]
    [InlineData("pageCursor=zz", "pageCursor")]
    [InlineData("filters[kind=x", "closing bracket")]
    public async Task Bad_questions_are_told_why(string query, string message)
    {
        using var response = await platform.Admin.GetAsync($"/api/search/query?{query}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString().ShouldContain(message);
    }

    private async Task<JsonNode> SearchAsync(string query)
    {
        using var response = await platform.Admin.GetAsync($"/api/search/query?{query}");
        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, body);
        return JsonNode.Parse(body)!;
    }

    private async Task<List<string>> LocationsAsync(string query) => [.. (await SearchAsync(query))["results"]!.AsArray().Select(Name)];

    private static string Name(JsonNode? result) => result!["document"]!["location"]!.ToString().Split('/')[^1];
}
