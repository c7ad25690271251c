using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

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
    [InlineData("term=%25'%5C", null)]
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
    public async Task Facets_count_all_that_was_found_by_the_values_of_a_field()
    {
        const string api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: { name: kowari-api, tags: [small] }\nspec: { type: openapi, lifecycle: production, owner: group:default/find-facets, definition: x }\n";
        await platform.RegisterAsync("find/facets.yaml", Yaml.All(
            Yaml.Component("kowari-a", "find-facets", metadata: "  tags: [small, spotted]\n"), Yaml.Component("kowari-b", "find-facets", metadata: "  tags: [small]\n"), api, Yaml.Group("find-facets")));
        const string all = "facets[0]=kind&facets[1]=type&facets[2]=owner&facets[3]=tag&facets[4]=component";
        (await SearchAsync($"term=kowari&pageLimit=1&{all}"))["facets"]!.ToJsonString().ShouldBe(
            """{"kind":[{"value":"Component","count":2},{"value":"API","count":1}],"type":[{"value":"service","count":2},{"value":"openapi","count":1}],"owner":[{"value":"find-facets","count":2},{"value":"group:default/find-facets","count":1}],"tag":[{"value":"small","count":3},{"value":"spotted","count":1}],"component":[{"value":"kowari-a","count":1},{"value":"kowari-b","count":1}]}""");
        (await SearchAsync("term=kowari&filters[tag]=spotted&facets=kind"))["facets"]!.ToJsonString().ShouldBe("""{"kind":[{"value":"Component","count":1}]}""");
        (await SearchAsync("term=find-facets&filters[kind]=Group&facets[]=tag"))["facets"]!.ToJsonString().ShouldBe("""{"tag":[]}""");
        (await SearchAsync("term=kowari"))["facets"].ShouldBeNull();
    }

    [Theory]
    [InlineData("types[0]=nope", "types")]
    [InlineData("pageLimit=101", "The page limit \"101\" is greater than \"100\"")]
    [InlineData("pageLimit=-1", "pageLimit")]
    [InlineData("facets[]=colour", "\"facets\" is \"colour\"; allowed: kind, type, owner, tag, component")]
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
