using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DevPlatform.TestKit;

namespace DevPlatform.Integrations.Tests.Notifications;

/// <summary>What a script of Backstage's sends, in every form that Backstage takes.</summary>
public sealed class SendNotificationTests(PlatformApi platform) : IClassFixture<PlatformApi>
{
    private readonly string _topic = $"topic-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_single_recipient_needs_no_array()
    {
        var sent = await SendAsync(new { type = "entity", entityRef = "User:Developer" }, new { title = "for one", topic = _topic });

        sent.GetArrayLength().ShouldBe(1);
        sent[0].GetProperty("user").GetString().ShouldBe("user:default/developer");
        (await TitlesAsync("developer")).ShouldBe(["for one"]);
        (await TitlesAsync("team-lead")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_said_beyond_the_text_is_given_back()
    {
        var metadata = new { ticket = "OPS-1", nested = new { list = new object?[] { 1, "two", null } } };
        var sent = await SendAsync(new { type = "entity", entityRef = new[] { "user:default/developer" } }, new { title = "t", icon = "docs", metadata, topic = _topic });

        foreach (var one in new[] { sent[0], (await ListAsync("developer"))[0] })
        {
            one.GetProperty("payload").GetProperty("icon").GetString().ShouldBe("docs");
            one.GetProperty("payload").GetProperty("metadata").ToString().ShouldBe(JsonSerializer.Serialize(metadata));
        }
    }

    [Fact]
    public async Task Without_a_topic_it_has_none()
    {
        var sent = await SendAsync(new { type = "entity", entityRef = "user:default/auditor" }, new { title = "no topic" });

        sent[0].GetProperty("payload").GetProperty("topic").ValueKind.ShouldBe(JsonValueKind.Null);
        sent[0].GetProperty("payload").TryGetProperty("metadata", out _).ShouldBeFalse("it is left out, as in Backstage");
    }

    [Fact]
    public async Task Some_of_a_group_can_be_left_out()
    {
        await SendAsync(
            new { type = "entity", entityRef = "group:default/team-orders", excludeEntityRef = "user:default/team-lead" }, new { title = "not the lead", topic = _topic });
        await SendAsync(
            new { type = "entity", entityRef = "user:default/developer", excludeEntityRef = new[] { "group:default/team-orders" } }, new { title = "not the team", topic = _topic });

        (await TitlesAsync("developer")).ShouldBe(["not the lead"]);
        (await TitlesAsync("team-lead")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_scope_replaces_for_its_recipients_and_leaves_others_what_they_have()
    {
        var both = new { type = "entity", entityRef = new[] { "user:default/developer", "user:default/team-lead" } };
        (await SendAsync(both, Build("running"))).EnumerateArray().Select(n => n.GetProperty("user").GetString())
            .ShouldBe(["user:default/developer", "user:default/team-lead"]);
        var first = (await ListAsync("developer"))[0].GetProperty("id").GetString();
        await platform.Client("developer").PostAsJsonAsync("/api/notifications/update", new { ids = new[] { first }, read = true });

        await SendAsync(both, Build("done", "check"));

        var again = (await ListAsync("developer")).EnumerateArray().ShouldHaveSingleItem();
        again.GetProperty("id").GetString().ShouldBe(first);
        again.GetProperty("payload").GetProperty("title").GetString().ShouldBe("done");
        again.GetProperty("payload").GetProperty("icon").GetString().ShouldBe("check");
        again.GetProperty("read").ValueKind.ShouldBe(JsonValueKind.Null);
        again.GetProperty("updated").ValueKind.ShouldBe(JsonValueKind.String);

        await SendAsync(new { type = "entity", entityRef = "user:default/developer" }, Build("only for you"));
        (await TitlesAsync("developer")).ShouldBe(["only for you"]);
        (await TitlesAsync("team-lead")).ShouldBe(["done"]);

        object Build(string title, string? icon = null) => new { title, icon, topic = _topic, scope = $"build-{_topic}" };
    }

    [Fact]
    public async Task Marking_passes_over_what_is_no_id_and_may_change_nothing()
    {
        await SendAsync(new { type = "entity", entityRef = "user:default/developer" }, new { title = "marked", topic = _topic });
        var id = (await ListAsync("developer"))[0].GetProperty("id").GetString();

        var answer = await platform.Client("developer").PostAsJsonAsync("/api/notifications/update", new { ids = new[] { id, "gone" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().ShouldHaveSingleItem().GetProperty("read").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private async Task<JsonElement> SendAsync(object recipients, object payload)
    {
        var response = await platform.Client("platform-admin").PostAsJsonAsync("/api/notifications/notifications", new { recipients, payload });
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> ListAsync(string account) =>
        (await platform.Client(account).GetFromJsonAsync<JsonElement>($"/api/notifications/notifications?topic={_topic}")).GetProperty("notifications");

    private async Task<string?[]> TitlesAsync(string account) =>
        [.. (await ListAsync(account)).EnumerateArray().Select(n => n.GetProperty("payload").GetProperty("title").GetString())];
}
