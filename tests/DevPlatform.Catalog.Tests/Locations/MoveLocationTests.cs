using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Locations;

[Collection(CatalogCollection.Name)]
public sealed class MoveLocationTests(CatalogPlatform platform)
{
    [Fact]
    public async Task What_came_from_the_old_place_goes_and_what_is_in_the_new_one_comes()
    {
        var id = await platform.RegisterAsync("move/old.yaml", Yaml.All(Yaml.Component("move-old", "move-team"), Yaml.Component("move-both", "move-team"), Yaml.Group("move-team")));
        var uid = (await platform.EntityAsync("component", "move-both"))!["metadata"]!["uid"]!.ToString();
        var target = platform.Files.Put("move/new.yaml", Yaml.All(Yaml.Component("move-new", "move-team"), Yaml.Component("move-both", "move-team"), Yaml.Group("move-team")));

        var (status, body) = await MoveAsync(platform.Admin, id, new { type = "url", target });

        status.ShouldBe(HttpStatusCode.OK);
        (body["id"]!.ToString(), body["type"]!.ToString(), body["target"]!.ToString()).ShouldBe((id, "url", target));
        (await platform.EntityAsync("component", "move-old")).ShouldBeNull();
        (await platform.EntityAsync("component", "move-new")).ShouldNotBeNull().Annotation("backstage.io/managed-by-origin-location").ShouldBe($"url:{target}");
        (await platform.EntityAsync("component", "move-both")).ShouldNotBeNull()["metadata"]!["uid"]!.ToString().ShouldBe(uid, "it is the same entity still");
        (await platform.GetAsync($"locations/{id}"))["target"]!.ToString().ShouldBe(target);
        // The same again changes nothing.
        (await MoveAsync(platform.Admin, id, new { type = "url", target })).Status.ShouldBe(HttpStatusCode.OK);
        (await platform.EntityAsync("component", "move-new")).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_move_that_cannot_be_done_changes_nothing()
    {
        var id = await platform.RegisterAsync("move/kept.yaml", Yaml.All(Yaml.Component("move-kept", "move-kept-team"), Yaml.Group("move-kept-team")));
        await platform.RegisterAsync("move/other.yaml", Yaml.Group("move-other"));
        var bad = platform.Files.Put("move/bad.yaml", "kind: Component\n");

        await RefusedAsync(id, new { type = "url", target = platform.Files.Url("move/other.yaml") }, HttpStatusCode.Conflict, "already exists");
        await RefusedAsync(id, new { type = "url", target = bad }, HttpStatusCode.BadRequest, "bad.yaml:1: \"apiVersion\" is not valid");
        await RefusedAsync(id, new { type = "url", target = "http://169.254.169.254/" }, HttpStatusCode.BadRequest, "private network");
        await RefusedAsync(id, new { type = "file", target = "/etc/passwd" }, HttpStatusCode.BadRequest, "allowed type");
        await RefusedAsync(id, new { type = "url", target = bad, extra = 1 }, HttpStatusCode.BadRequest, "\"extra\" is not known; allowed: type, target, presence");
        await RefusedAsync("00000000-0000-4000-8000-000000000000", new { type = "url", target = platform.Files.Url("move/other.yaml") }, HttpStatusCode.NotFound, "Found no location with ID");
        // Developers register, but do not remove what is there.
        (await MoveAsync(platform.Client("developer"), id, new { type = "url", target = platform.Files.Url("move/other.yaml") })).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await platform.GetAsync($"locations/{id}"))["target"]!.ToString().ShouldBe(platform.Files.Url("move/kept.yaml"));
        (await platform.EntityAsync("component", "move-kept")).ShouldNotBeNull();
    }

    private async Task RefusedAsync(string id, object body, HttpStatusCode status, string message)
    {
        var (found, answer) = await MoveAsync(platform.Admin, id, body);
        found.ShouldBe(status, answer.ToJsonString());
        answer["error"]!["message"]!.ToString().ShouldContain(message);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> MoveAsync(HttpClient client, string id, object body)
    {
        using var response = await client.PutAsJsonAsync($"/api/catalog/locations/{id}", body);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
