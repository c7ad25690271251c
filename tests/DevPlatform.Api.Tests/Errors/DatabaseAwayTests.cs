using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Api.Tests.Errors;

public sealed class DatabaseAwayTests(OwnDatabasePlatform platform) : IClassFixture<OwnDatabasePlatform>
{
    private const string Location = "/api/catalog/locations/00000000-0000-4000-8000-000000000000";

    [Fact]
    public async Task Requests_that_need_it_are_503_until_it_is_back_and_others_are_served()
    {
        var client = platform.Client("platform-admin");
        (await client.GetAsync("/api/catalog/locations")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await platform.Server.StopAsync();

        var location = new { type = "url", target = "https://example.com/catalog-info.yaml" };
        foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
        {
            (HttpMethod.Get, "/api/catalog/locations", null), (HttpMethod.Get, Location, null), (HttpMethod.Delete, Location, null),
            (HttpMethod.Post, "/api/catalog/locations", location), (HttpMethod.Put, Location, location), (HttpMethod.Post, "/api/catalog/locations/by-query", new { }),
            (HttpMethod.Get, "/api/catalog/entities/by-name/component/default/x/history", null), (HttpMethod.Get, "/api/search/query?term=x", null),
            (HttpMethod.Get, "/api/scaffolder/v2/tasks", null), (HttpMethod.Post, "/api/scaffolder/v2/tasks", new { templateRef = "template:default/x", values = new { } }),
            (HttpMethod.Get, "/api/access/requests", null), (HttpMethod.Get, "/api/identity/audit", null),
        })
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{method} {path}: {text}");
            JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("name").GetString().ShouldBe("ServiceUnavailableError");
        }

        (await client.GetAsync("/api/catalog/entities")).StatusCode.ShouldBe(HttpStatusCode.OK, "what is in memory");
        (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await platform.Server.StartAgainAsync();
        await Eventually.BeAsync(async () => (await client.GetAsync("/api/catalog/locations")).IsSuccessStatusCode, TimeSpan.FromSeconds(90));
    }
}
