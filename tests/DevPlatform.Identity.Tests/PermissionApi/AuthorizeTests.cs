using System.Net;
using System.Text;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.PermissionApi;

[Collection(PlatformCollection.Name)]
public sealed class AuthorizeTests(PlatformApi platform)
{
    private static readonly object TaskCreate = new { type = "basic", name = "scaffolder.task.create", attributes = new { action = "create" } };

    [Fact]
    public async Task Answers_a_batch_in_order_with_its_ids()
    {
        var answer = await AskAsync("developer", new
        {
            items = new object[]
            {
                new { id = "b", permission = TaskCreate },
                new { id = "a", permission = new { type = "basic", name = "audit.read", attributes = new { } } },
                new { id = "c", permission = new { type = "resource", name = "catalog.entity.read", attributes = new { action = "read" }, resourceType = "catalog-entity" }, resourceRef = "component:default/a" },
            },
        });

        answer.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("id").GetString(), i.GetProperty("result").GetString()))
            .ShouldBe([("b", "ALLOW"), ("a", "DENY"), ("c", "ALLOW")]);
    }

    [Fact]
    public async Task Denies_what_the_ceiling_takes_away() =>
        (await AskAsync("ceiling-denied", new { items = new[] { new { id = "1", permission = TaskCreate } } }))
            .GetProperty("items")[0].GetProperty("result").GetString().ShouldBe("DENY");

    [Fact]
    public async Task Gives_one_answer_where_the_policy_is_definite_though_refs_are_many()
    {
        var permission = new { type = "resource", name = "catalog.entity.read", attributes = new { action = "read" }, resourceType = "catalog-entity" };
        var answer = await AskAsync("developer", new { items = new[] { new { id = "1", permission, resourceRef = new[] { "component:default/a", "component:default/b" } } } });

        answer.GetProperty("items")[0].GetProperty("result").GetString().ShouldBe("ALLOW");
    }

    [Theory]
    [InlineData("{}", "[\"items\"]", "Expected array, received undefined")]
    [InlineData("[]", "[]", "Expected object, received array")]
    [InlineData("""{"items":[],"more":1}""", "[]", "Unrecognized key(s) in object: 'more'")]
    [InlineData("""{"items":[{"id":1,"permission":{"type":"basic","name":"a","attributes":{}}}]}""", "[\"items\",0,\"id\"]", "Expected string, received number")]
    [InlineData("""{"items":[{"id":"1","permission":{"type":"odd","name":"a","attributes":{}}}]}""", "[\"items\",0,\"permission\",\"type\"]", "received 'odd'")]
    [InlineData("""{"items":[{"id":"1","permission":{"type":"basic","name":"a"}}]}""", "[\"items\",0,\"permission\",\"attributes\"]", "Expected object")]
    [InlineData("""{"items":[{"id":"1","resourceRef":"a:b/c","permission":{"type":"basic","name":"a","attributes":{}}}]}""", "[\"items\",0]", "'resourceRef'")]
    [InlineData("""{"items":[{"id":"1","resourceRef":[],"permission":{"type":"resource","name":"a","attributes":{},"resourceType":"t"}}]}""", "[\"items\",0,\"resourceRef\"]", "at least 1")]
    [InlineData("""{"items":[{"id":"1","permission":{"type":"basic","name":"a","attributes":{"action":"eat"}}}]}""", "[\"items\",0,\"permission\",\"attributes\",\"action\"]", "received 'eat'")]
    public async Task Refuses_a_body_that_does_not_fit(string body, string path, string message)
    {
        var error = await RefusalAsync(body);

        var issues = JsonSerializer.Deserialize<JsonElement>(error);
        issues.EnumerateArray().ShouldContain(i => i.GetProperty("path").GetRawText().Replace(" ", "").Replace("\n", "") == path && i.GetProperty("message").GetString()!.Contains(message), error);
    }

    [Fact]
    public async Task Refuses_a_resource_permission_without_a_resource() =>
        (await RefusalAsync("""{"items":[{"id":"1","permission":{"type":"resource","name":"a","attributes":{},"resourceType":"t"}}]}"""))
            .ShouldBe("Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed.");

    [Fact]
    public async Task Needs_a_token() =>
        (await platform.Client().PostAsync("/api/permission/authorize", new { items = Array.Empty<object>() })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task Is_healthy() => (await platform.Client().GetJsonAsync("/api/permission/health")).GetProperty("status").GetString().ShouldBe("ok");

    private async Task<JsonElement> AskAsync(string account, object body) => await (await platform.Client(account).PostAsync("/api/permission/authorize", body)).JsonAsync();

    private async Task<string> RefusalAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await (await platform.Client("developer").PostAsync("/api/permission/authorize", content)).JsonAsync(HttpStatusCode.BadRequest);
        answer.GetProperty("error").GetProperty("name").GetString().ShouldBe("InputError");
        return answer.GetProperty("error").GetProperty("message").GetString()!;
    }
}
