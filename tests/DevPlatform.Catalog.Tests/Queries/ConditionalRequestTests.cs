using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Queries;

[Collection(CatalogCollection.Name)]
public sealed class ConditionalRequestTests(CatalogPlatform platform) : IAsyncLifetime
{
    public Task InitializeAsync() => platform.RegisterOnceAsync("etag/all.yaml", Yaml.All(
        Yaml.Component("etag-a", "etag-team"), Yaml.Component("etag-mine", "team-orders"), Yaml.Group("etag-team")));

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("entities/by-name/component/default/etag-a")]
    [InlineData("entities/by-name/component/default/etag-a/ancestry")]
    [InlineData("entities/by-uid/{uid}")]
    [InlineData("entities/by-query?filter=metadata.name=etag-a")]
    [InlineData("entities?filter=metadata.name=etag-a")]
    [InlineData("entity-facets?facet=kind")]
    [InlineData("graph?ref=component:etag-a")]
    [InlineData("locations")]
    [InlineData("locations/{location}")]
    [InlineData("locations/by-entity/component/default/etag-a")]
    public async Task An_unchanged_answer_is_not_sent_again(string path)
    {
        var uid = (await platform.EntityAsync("component", "etag-a"))!["metadata"]!["uid"]!.ToString();
        var location = (await platform.GetAsync("locations/by-entity/component/default/etag-a"))["id"]!.ToString();
        path = path.Replace("{uid}", uid, StringComparison.Ordinal).Replace("{location}", location, StringComparison.Ordinal);
        // The catalog goes on changing beside this test: the tag of a list may be outdated at once, but not for ever.
        await Eventually.HoldsAsync(async () =>
        {
            var (status, tag, length) = await GetAsync(platform.Admin, path, null);
            (status, length > 0).ShouldBe((HttpStatusCode.OK, true));
            tag.ShouldNotBeNull();
            (await GetAsync(platform.Admin, path, "\"another\"")).Status.ShouldBe(HttpStatusCode.OK);
            var (again, sameTag, nothing) = await GetAsync(platform.Admin, path, $"\"another\", {tag}");
            return again == HttpStatusCode.NotModified && sameTag == tag && nothing == 0;
        }, path, 60);
    }

    [Fact]
    public async Task A_changed_answer_is_sent()
    {
        await platform.RegisterOnceAsync("etag/change.yaml", Yaml.All(Yaml.Component("etag-c", "etag-team2"), Yaml.Group("etag-team2")));
        string[] paths =
        [
            "entities/by-name/component/default/etag-c", "entities/by-query?filter=metadata.name=etag-c", "entities?filter=metadata.name=etag-c", "graph?ref=component:etag-c",
            "entity-facets?facet=metadata.title", "entities/by-name/component/default/etag-c/ancestry",
        ];
        var tags = new List<string?>();
        foreach (var path in paths)
        {
            tags.Add((await GetAsync(platform.Admin, path, null)).Tag);
        }

        platform.Files.Put("etag/change.yaml", Yaml.All(Yaml.Component("etag-c", "etag-team2", metadata: "  title: New\n"), Yaml.Group("etag-team2")));
        await platform.RefreshAsync("component:default/etag-c");
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "etag-c"))!["metadata"]!["title"] is not null, "the change", 60);
        foreach (var (path, tag) in paths.Zip(tags))
        {
            (await GetAsync(platform.Admin, path, tag)).Status.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Fact]
    public async Task What_one_caller_may_see_is_no_answer_for_another()
    {
        var replica = await platform.OwnersOnlyAsync();
        foreach (var path in (string[])["entities?filter=kind=component", "entities/by-query?filter=kind=component", "entity-facets?facet=kind", "graph?ref=component:etag-mine"])
        {
            var url = new Uri(replica, $"/api/catalog/{path}").AbsoluteUri;
            var all = await GetAsync(platform.Admin, url, null);
            var mine = await GetAsync(platform.Client("developer"), url, all.Tag);
            mine.Status.ShouldBe(HttpStatusCode.OK, path);
            mine.Tag.ShouldNotBe(all.Tag);
        }

        var hidden = new Uri(replica, "/api/catalog/entities/by-name/component/default/etag-a").AbsoluteUri;
        (await GetAsync(platform.Client("developer"), hidden, (await GetAsync(platform.Admin, hidden, null)).Tag)).Status.ShouldBe(HttpStatusCode.NotFound);
        // The Location that leads to it is not the caller's to see.
        var ancestry = JsonNode.Parse(await platform.Client("developer").GetStringAsync(new Uri(replica, "/api/catalog/entities/by-name/component/default/etag-mine/ancestry")))!;
        ancestry["items"]!.AsArray().ShouldHaveSingleItem()!["parentEntityRefs"]!.AsArray().ShouldBeEmpty();
    }

    private static async Task<(HttpStatusCode Status, string? Tag, long Length)> GetAsync(HttpClient client, string path, string? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path.StartsWith("http", StringComparison.Ordinal) ? path : $"/api/catalog/{path}");
        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, response.Headers.ETag?.ToString(), (await response.Content.ReadAsByteArrayAsync()).Length);
    }
}
