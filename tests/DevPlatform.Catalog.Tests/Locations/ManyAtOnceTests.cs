using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Locations;

/// <summary>More writers than the pool has connections (20): none waits for what another one holds.</summary>
[Collection(CatalogCollection.Name)]
public sealed class ManyAtOnceTests(CatalogPlatform platform)
{
    private const int Writers = 60;

    [Fact]
    public async Task Locations_that_come_and_go_at_once_all_do()
    {
        var targets = Enumerable.Range(0, Writers).Select(i => platform.Files.Put($"at-once/{i}.yaml", Yaml.Component($"at-once-{i}", "at-once-team"))).ToList();

        var ids = await Task.WhenAll(targets.Select(RegisterAsync));
        (await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => platform.EntityAsync("component", $"at-once-{i}")))).ShouldAllBe(entity => entity != null);

        var removed = await Task.WhenAll(ids.Select(id => platform.Admin.DeleteAsync($"/api/catalog/locations/{id}")));
        removed.ShouldAllBe(response => response.StatusCode == HttpStatusCode.NoContent);
        (await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => platform.EntityAsync("component", $"at-once-{i}")))).ShouldAllBe(entity => entity == null);
    }

    private async Task<string> RegisterAsync(string target)
    {
        using var response = await platform.Admin.PostAsJsonAsync("/api/catalog/locations", new { type = "url", target });
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.Created, body);
        return JsonNode.Parse(body)!["location"]!["id"]!.ToString();
    }
}
