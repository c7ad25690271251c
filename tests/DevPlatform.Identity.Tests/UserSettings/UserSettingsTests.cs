using System.Net;
using System.Net.Http.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Identity.Tests.UserSettings;

[Collection(PlatformCollection.Name)]
public sealed class UserSettingsTests(PlatformApi platform)
{
    private readonly string _bucket = $"bucket-{Guid.NewGuid():N}";

    [Fact]
    public async Task Keeps_what_a_page_stores_for_its_user_only()
    {
        var path = $"/api/user-settings/buckets/{_bucket}/keys/entityRefs";
        var developer = platform.Client("developer");

        var stored = await (await developer.PutAsJsonAsync(path, new { value = new[] { "component:default/a" } })).JsonAsync();
        stored.ToString().ShouldBe($$"""{"bucket":"{{_bucket}}","key":"entityRefs","value":["component:default/a"]}""");
        (await developer.GetJsonAsync(path)).ToString().ShouldBe(stored.ToString());

        (await (await platform.Client("team-lead").GetAsync(path)).JsonAsync(HttpStatusCode.NotFound))
            .GetProperty("error").GetProperty("message").GetString().ShouldBe($"Unable to find 'entityRefs' in bucket '{_bucket}'");

        (await developer.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await developer.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await developer.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Answers_many_at_once_in_the_order_asked()
    {
        var developer = platform.Client("developer");
        await developer.PutAsJsonAsync($"/api/user-settings/buckets/{_bucket}/keys/theme", new { value = "dark" });
        await developer.PutAsJsonAsync($"/api/user-settings/buckets/{_bucket}/keys/nothing", new { value = (string?)null });

        var answer = await (await developer.PostAsync("/api/user-settings/multiget", new
        {
            items = new[] { new { bucket = _bucket, key = "missing" }, new { bucket = _bucket, key = "theme" }, new { bucket = _bucket, key = "nothing" } },
        })).JsonAsync();

        answer.ToString().ShouldBe("""{"items":[null,{"value":"dark"},{"value":null}]}""");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("käse & brot")]
    [InlineData("100%")]
    public async Task Takes_any_key(string key)
    {
        var developer = platform.Client("developer");
        var path = $"/api/user-settings/buckets/{_bucket}/keys/{Uri.EscapeDataString(key)}";

        (await (await developer.PutAsJsonAsync(path, new { value = 1 })).JsonAsync()).GetProperty("key").GetString().ShouldBe(key);

        (await developer.GetJsonAsync(path)).GetProperty("value").GetInt32().ShouldBe(1);
        (await (await developer.PostAsync("/api/user-settings/multiget", new { items = new[] { new { bucket = _bucket, key } } })).JsonAsync())
            .ToString().ShouldBe("""{"items":[{"value":1}]}""");
    }

    [Fact]
    public async Task Gives_back_exactly_what_was_stored()
    {
        const string value = """{"b":1.50,"a":"\u001f & <b>","list":[],"big":12345678901234567890}""";
        var path = $"/api/user-settings/buckets/{_bucket}/keys/exact";

        await (await platform.Client("developer").PutAsync(path, new StringContent($$"""{"value":{{value}}}""", null, "application/json"))).JsonAsync();

        var stored = (await platform.Client("developer").GetJsonAsync(path)).GetProperty("value");
        stored.GetProperty("a").GetString().ShouldBe("\u001f & <b>");
        stored.GetProperty("big").GetRawText().ShouldBe("12345678901234567890");
        stored.GetProperty("b").GetRawText().ShouldBe("1.50");
    }

    [Theory]
    [InlineData("{}", "Missing required field \"value\"")]
    [InlineData("[]", "object")]
    public async Task Says_what_is_wrong(string body, string reason)
    {
        var response = await platform.Client("developer").PutAsync(
            $"/api/user-settings/buckets/{_bucket}/keys/wrong", new StringContent(body, null, "application/json"));

        (await response.JsonAsync(HttpStatusCode.BadRequest)).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(reason);
    }

    [Fact]
    public async Task Has_limits()
    {
        var developer = platform.Client("developer");
        (await developer.PutAsJsonAsync($"/api/user-settings/buckets/{_bucket}/keys/big", new { value = new string('x', 200_000) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await developer.PutAsJsonAsync($"/api/user-settings/buckets/{_bucket}/keys/{new string('k', 256)}", new { value = 1 })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await developer.PostAsync("/api/user-settings/multiget", new { items = Enumerable.Repeat(new { bucket = "b", key = "k" }, 201) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await developer.PostAsync("/api/user-settings/multiget", new { items = new[] { new { bucket = "b" } } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await developer.PostAsync("/api/user-settings/multiget", new { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Needs_a_token() =>
        (await platform.Client().GetAsync($"/api/user-settings/buckets/{_bucket}/keys/x")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
}
