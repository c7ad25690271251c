using System.Net;
using System.Net.Http.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Tests.Support;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Catalog.Tests.Locations;

[Collection(CatalogCollection.Name)]
public sealed class RegisterLocationTests(CatalogPlatform platform)
{
    [Fact]
    public async Task Entities_are_there_when_the_answer_is()
    {
        await platform.RegisterAsync("reg/a.yaml", Yaml.All(Yaml.Group("reg-team"), Yaml.Component("reg-a", "reg-team")));
        var entity = (await platform.EntityAsync("component", "reg-a")).ShouldNotBeNull();
        entity.Relations().ShouldBe(["ownedBy group:default/reg-team"]);
        entity.Annotation("backstage.io/managed-by-location").ShouldBe($"url:{platform.Files.Url("reg/a.yaml")}");
        entity["status"].ShouldBeNull();
        (await platform.EntityAsync("group", "reg-team")).ShouldNotBeNull().Relations().ShouldContain("ownerOf component:default/reg-a");
    }

    // The first document has 8 lines, so the bad one begins on line 10.
    [Theory]
    [InlineData("kind: Component\nmetadata:\n  name: x\n   bad: [unclosed\n", "bad-a.yaml:13: ")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: no-owner\nspec:\n  type: a\n  lifecycle: b\n", "bad-b.yaml:14: \"spec.owner\" is not valid: found nothing; allowed: an entity reference")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Nope\nmetadata: { name: x }\nspec: { owner: x }\n", "bad-c.yaml:11: \"kind\" is not valid: found \"Nope\"; allowed: Component")]
    public async Task A_bad_file_is_refused_with_file_line_and_reason_and_nothing_is_stored(string yaml, string expected)
    {
        var file = $"reg/{expected[..expected.IndexOf(':', StringComparison.Ordinal)]}";
        var url = platform.Files.Put(file, Yaml.All(Yaml.Component("reg-beside-bad", "reg-team"), yaml));
        var (status, body) = await platform.PostAsync("locations", new { type = "url", target = url });
        status.ShouldBe(400);
        body!["error"]!["name"]!.ToString().ShouldBe("InputError");
        body["error"]!["message"]!.ToString().ShouldContain(expected);
        (await platform.EntityAsync("component", "reg-beside-bad")).ShouldBeNull();
        (await platform.GetAsync("locations")).ToJsonString().ShouldNotContain(file);
    }

    [Fact]
    public async Task A_bad_target_of_a_location_keeps_nothing_else_out_and_shows_on_it()
    {
        platform.Files.Put("fan/good.yaml", Yaml.Component("fan-good", "fan-team"));
        platform.Files.Put("fan/bad.yaml", Yaml.All(Yaml.Component("fan-half", "fan-team"), "kind: Component\nmetadata: { name: fan-bad }\n"));
        await platform.RegisterAsync("fan/all.yaml", Yaml.All(
            Yaml.Location("fan-all", "./good.yaml", "./bad.yaml", "./missing.yaml", "http://169.254.169.254/latest", "file:///etc/passwd"), Yaml.Group("fan-team")));
        (await platform.EntityAsync("component", "fan-good")).ShouldNotBeNull();
        (await platform.EntityAsync("component", "fan-half")).ShouldNotBeNull();
        (await platform.EntityAsync("component", "fan-bad")).ShouldBeNull();
        var messages = (await platform.EntityAsync("location", "fan-all")).ShouldNotBeNull().StatusMessages();
        messages.ShouldContain(m => m.Contains("bad.yaml:9: \"apiVersion\" is not valid", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("missing.yaml was not found", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("169.254.169.254", StringComparison.Ordinal) && m.Contains("private network", StringComparison.Ordinal));
        messages.ShouldContain(m => m.Contains("file:///etc/passwd", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirects_do_not_lead_into_private_networks()
    {
        var url = platform.Files.Url("redirect?to=http://127.0.0.1:1/x.yaml");
        var (status, body) = await platform.PostAsync("locations", new { type = "url", target = url });
        status.ShouldBe(400);
        body!["error"]!["message"]!.GetValue<string>().ShouldContain("private network");
    }

    [Fact]
    public async Task An_entity_of_another_location_is_not_taken_over_until_that_is_gone()
    {
        var first = await platform.RegisterAsync("own/first.yaml", Yaml.Component("own-x", "own-team", metadata: "  description: first\n"));
        await platform.RegisterAsync("own/second.yaml", Yaml.All(Yaml.Component("own-x", "own-team", metadata: "  description: second\n"), Yaml.Group("own-team")));
        (await platform.EntityAsync("component", "own-x"))!["metadata"]!["description"]!.GetValue<string>().ShouldBe("first");
        (await platform.Admin.DeleteAsync($"/api/catalog/locations/{first}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var taken = await Eventually.GetAsync(() => platform.EntityAsync("component", "own-x"), "the second location's entity");
        taken["metadata"]!["description"]!.GetValue<string>().ShouldBe("second");
    }

    [Fact]
    public async Task Other_modules_register_by_message_as_often_as_they_like()
    {
        var url = platform.Files.Put("msg/a.yaml", Yaml.All(Yaml.Resource("msg-db", "msg-team"), Yaml.Group("msg-team")));
        var command = new RegisterLocation("url", url, Actor.Platform, "task-1");
        var first = await InvokeAsync<LocationRegistered>(command);
        var second = await InvokeAsync<LocationRegistered>(command);
        second.LocationId.ShouldBe(first.LocationId);
        second.EntityRefs.ShouldBe(["resource:default/msg-db", "group:default/msg-team"]);

        var found = await InvokeAsync<EntityDocument>(new GetEntity("Resource:default/MSG-db"));
        (found.Found, found.EntityRef, found.State).ShouldBe((true, "resource:default/msg-db", null));
        found.Owners.ShouldBe(["group:default/msg-team"]);
        (await InvokeAsync<EntityDocument>(new GetEntity("resource:default/msg-none"))).Found.ShouldBeFalse();
        (await InvokeAsync<ResourceList>(new ListResources("database", "development", "group:default/msg-team"))).EntityRefs.ShouldBe(["resource:default/msg-db"]);
        (await InvokeAsync<ResourceList>(new ListResources("database", "production", "group:default/msg-team"))).EntityRefs.ShouldBeEmpty();
        await Should.ThrowAsync<InputException>(() => InvokeAsync<LocationRegistered>(command with { Type = "file", Target = "/etc/passwd" }));
    }

    [Fact]
    public async Task Needs_the_permission()
    {
        using var response = await platform.Client("auditor").PostAsJsonAsync("/api/catalog/locations", new { type = "url", target = platform.Files.Url("x.yaml") });
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<T> InvokeAsync<T>(object message)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync<T>(message);
    }
}
