using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Hostile;

/// <summary>Text that is none, wherever JSON or a query takes text.</summary>
[Collection(CatalogCollection.Name)]
public sealed class HostileTextTests(CatalogPlatform platform)
{
    public static TheoryData<string, string, string> Bodies() => new()
    {
        { "catalog/entities/by-refs", """{"entityRefs":["component:a","?"]}""", "entityRefs[1]" },
        { "catalog/entities/by-query", """{"query":{"metadata.name":"?"}}""", "query.metadata.name" },
        { "catalog/entities/by-query", """{"query":{"?":"a"}}""", "query: a property's name" },
        { "catalog/entities/by-query", """{"fullTextFilter":{"term":"?"}}""", "fullTextFilter.term" },
        { "catalog/entity-facets", """{"facets":["?"]}""", "facets[0]" },
        { "catalog/locations", """{"type":"url","target":"https://example.com/?"}""", "target" },
        { "catalog/locations/by-query", """{"query":{"target":"?"}}""", "query.target" },
        { "catalog/refresh", """{"entityRef":"component:default/?"}""", "entityRef" },
        { "catalog/validate-entity", """{"location":"url:https://example.com","entity":{"kind":"?"}}""", "entity.kind" },
        { "catalog/analyze-location", """{"location":{"type":"url","target":"?"}}""", "location.target" },
        { "catalog/.well-known/backstage/permissions/apply-conditions", """{"items":[{"id":"?"}]}""", "items[0].id" },
        { "permission/authorize", """{"items":[{"id":"?","permission":{"type":"basic","name":"x","attributes":{}}}]}""", "items[0].id" },
        { "scaffolder/v2/tasks", """{"templateRef":"template:default/x","values":{"name":"?"}}""", "values.name" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task In_bodies_it_is_refused_with_its_field(string path, string body, string field)
    {
        foreach (var text in (string[])["\\ud800", "\\uDFFFx", "x\\u0000", "\0xFF"])
        {
            // The last stands for a byte that no UTF-8 has.
            byte[] bytes = text == "\0xFF" ? [.. Encoding.UTF8.GetBytes(body).SelectMany(b => b == '?' ? [(byte)0xFF] : new[] { b })] : Encoding.UTF8.GetBytes(body.Replace("?", text, StringComparison.Ordinal));
            using var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("application/json");
            using var response = await platform.Admin.PostAsync($"/api/{path}", content);
            var answer = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{text}: {answer}");
            JsonNode.Parse(answer)!["error"]!["message"]!.ToString().ShouldContain($"\"{field}\" is not valid");
        }
    }

    [Theory]
    [InlineData("catalog/entities?filter=metadata.name=a%00")]
    [InlineData("catalog/entities/by-query?fullTextFilterTerm=%00")]
    [InlineData("catalog/graph?ref=component:%00")]
    [InlineData("search/query?term=%00")]
    [InlineData("catalog/entities/by-name/component/default/x/history?cursor=%00")]
    [InlineData("scaffolder/v2/tasks?createdBy=%00")]
    [InlineData("identity/audit?resource=%00")]
    public async Task In_queries_it_is_refused(string path)
    {
        using var response = await platform.Admin.GetAsync($"/api/{path}");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("NUL");
    }

    [Theory]
    [InlineData("catalog/entities/by-name/component/default/%ED%A0%80")]
    [InlineData("catalog/entities/by-name/component/default/%FF")]
    [InlineData("catalog/entities?filter=metadata.name=%ED%A0%80")]
    [InlineData("search/query?term=%ED%A0%80%FF")]
    [InlineData("catalog/locations/%FF")]
    public async Task Bytes_that_are_no_text_do_no_harm(string path)
    {
        using var response = await platform.Admin.GetAsync($"/api/{path}");
        ((int)response.StatusCode).ShouldBeLessThan(500);
    }
}
