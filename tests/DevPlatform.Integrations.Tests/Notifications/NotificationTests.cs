using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DevPlatform.Access.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Integrations.Tests.Notifications;

/// <summary>What people are told in the portal, at the HTTP boundary.</summary>
public sealed class NotificationTests(PlatformApi platform) : IClassFixture<PlatformApi>
{
    private readonly string _topic = $"topic-{Guid.NewGuid():N}";

    [Fact]
    public async Task Concerns_users_groups_roles_leads_and_everyone_but_nobody_else()
    {
        await TellAsync("for a user", ["user:default/developer"]);
        await TellAsync("for a group", ["group:default/team-orders"]);
        await TellAsync("for a role", ["role:dba-approver"]);
        await TellAsync("for a lead", ["lead:group:default/team-orders"]);
        await TellAsync("for everyone", ["*"], except: "user:default/dba-approver");

        (await TitlesAsync("developer")).ShouldBe(["for a group", "for a user", "for everyone"]);
        (await TitlesAsync("team-lead")).ShouldBe(["for a group", "for a lead", "for everyone"]);
        (await TitlesAsync("dba-approver")).ShouldBe(["for a role"]);
        // Has the role, but not the Azure AD group that caps it.
        (await TitlesAsync("ceiling-denied")).ShouldNotContain("for a role");
    }

    [Fact]
    public async Task Looks_as_Backstages()
    {
        var id = await TellAsync("A title", ["user:default/developer"], description: "More", link: "/create/tasks/1", severity: NotificationSeverity.High, scope: $"s-{_topic}");

        var page = await GetAsync("developer", $"?topic={_topic}&offset=0&limit=5&orderField=created,desc");
        page.GetProperty("totalCount").GetInt32().ShouldBe(1);
        var one = page.GetProperty("notifications")[0];
        one.GetProperty("id").GetGuid().ShouldBe(id);
        one.GetProperty("user").GetString().ShouldBe("user:default/developer");
        one.GetProperty("origin").GetString().ShouldBe("test");
        one.GetProperty("created").GetString()!.ShouldEndWith("Z");
        foreach (var unset in new[] { "read", "saved", "updated" })
        {
            one.GetProperty(unset).ValueKind.ShouldBe(JsonValueKind.Null);
        }

        one.GetProperty("payload").ToString().ShouldBe(
            $$"""{"title":"A title","description":"More","link":"/create/tasks/1","severity":"high","topic":"{{_topic}}","scope":"s-{{_topic}}","icon":null}""");
        (await GetAsync("developer", $"/{id}")).ToString().ShouldBe(one.ToString());
        (await platform.Client("team-lead").GetAsync($"/api/notifications/notifications/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Everyone_marks_for_themselves()
    {
        var id = await TellAsync("shared", ["group:default/team-orders"]);
        var before = await StatusAsync("developer");

        var updated = await UpdateAsync("developer", new { ids = new[] { id }, read = true, saved = true });
        updated[0].GetProperty("read").ValueKind.ShouldBe(JsonValueKind.String);
        updated[0].GetProperty("saved").ValueKind.ShouldBe(JsonValueKind.String);
        (await StatusAsync("developer")).ShouldBe((before.Unread - 1, before.Read + 1));

        (await GetAsync("developer", $"?topic={_topic}&read=true&saved=true")).GetProperty("totalCount").GetInt32().ShouldBe(1);
        (await GetAsync("team-lead", $"?topic={_topic}&read=false&saved=false")).GetProperty("totalCount").GetInt32().ShouldBe(1);

        (await UpdateAsync("developer", new { ids = new[] { id }, read = false }))[0].GetProperty("saved").ValueKind.ShouldBe(JsonValueKind.String);
        (await StatusAsync("developer")).ShouldBe(before);
        (await UpdateAsync("auditor", new { ids = new[] { id }, read = true })).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_told_anew_is_unread_again_and_what_concerns_others_now_is_withdrawn()
    {
        var scope = $"s-{_topic}";
        var first = await TellAsync("first", ["user:default/developer"], scope: scope);
        await UpdateAsync("developer", new { ids = new[] { first }, read = true });

        (await TellAsync("second", ["user:default/developer"], scope: scope)).ShouldBe(first);
        var again = (await GetAsync("developer", $"?topic={_topic}")).GetProperty("notifications")[0];
        again.GetProperty("payload").GetProperty("title").GetString().ShouldBe("second");
        again.GetProperty("read").ValueKind.ShouldBe(JsonValueKind.Null);
        again.GetProperty("updated").ValueKind.ShouldBe(JsonValueKind.String);

        await TellAsync("third", ["user:default/team-lead"], scope: scope);
        (await TitlesAsync("developer")).ShouldBeEmpty();
        (await TitlesAsync("team-lead")).ShouldBe(["third"]);
    }

    [Fact]
    public async Task A_redelivered_message_changes_nothing()
    {
        var command = new Notify($"key-{_topic}", ["user:default/developer"], "test", _topic, "once", Scope: $"s-{_topic}");
        await InvokeAsync(command);
        var id = (await GetAsync("developer", $"?topic={_topic}")).GetProperty("notifications")[0].GetProperty("id").GetGuid();
        await UpdateAsync("developer", new { ids = new[] { id }, read = true });

        await InvokeAsync(command);

        (await GetAsync("developer", $"?topic={_topic}&read=true")).GetProperty("totalCount").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Is_filtered_sorted_and_paged()
    {
        await TellAsync("b 100%_sure", ["user:default/developer"], severity: NotificationSeverity.Critical);
        await TellAsync("a", ["user:default/developer"], description: "Something ELSE", severity: NotificationSeverity.Low);

        (await TitlesAsync("developer", "&orderField=title,asc")).ShouldBe(["a", "b 100%_sure"], ignoreOrder: false);
        (await TitlesAsync("developer", "&orderField=severity,asc&orderField=created,desc")).ShouldBe(["b 100%_sure", "a"], ignoreOrder: false);
        (await TitlesAsync("developer", "&orderField=title,asc&limit=1&offset=1")).ShouldBe(["b 100%_sure"]);
        (await TitlesAsync("developer", "&search=else")).ShouldBe(["a"]);
        (await TitlesAsync("developer", "&search=100%25_")).ShouldBe(["b 100%_sure"]);
        (await TitlesAsync("developer", "&minimumSeverity=high")).ShouldBe(["b 100%_sure"]);
        (await TitlesAsync("developer", "&createdAfter=2999-01-01T00:00:00Z")).ShouldBeEmpty();
        (await platform.Client("developer").GetFromJsonAsync<JsonElement>("/api/notifications/topics")).GetProperty("topics").EnumerateArray()
            .Select(t => t.GetString()).ShouldContain(_topic);
    }

    [Theory]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=100000", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("read=maybe", "read")]
    [InlineData("minimumSeverity=urgent", "minimumSeverity")]
    [InlineData("minimumSeverity=1", "minimumSeverity")]
    [InlineData("createdAfter=yesterday", "createdAfter")]
    [InlineData("orderField=user;drop,asc", "orderField")]
    [InlineData("orderField=created,up", "orderField")]
    public async Task Says_what_is_wrong_with_a_query(string query, string field)
    {
        var response = await platform.Client("developer").GetAsync($"/api/notifications/notifications?{query}");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain($"\"{field}\"");
    }

    [Fact]
    public async Task Users_turn_off_what_they_do_not_want()
    {
        await TellAsync("muted", ["user:default/manager-approver"]);
        var client = platform.Client("manager-approver");

        var answer = await client.PostAsJsonAsync("/api/notifications/settings", new
        {
            channels = new[] { new { id = "Web", origins = new[] { new { id = "test", enabled = true, topics = new[] { new { id = _topic, enabled = false } } } } } },
        });
        var settings = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var origin = settings.GetProperty("channels")[0].GetProperty("origins").EnumerateArray().Single(o => o.GetProperty("id").GetString() == "test");
        origin.GetProperty("topics").ToString().ShouldContain($$"""{"id":"{{_topic}}","enabled":false}""");
        (await TitlesAsync("manager-approver")).ShouldBeEmpty();

        await client.PostAsJsonAsync("/api/notifications/settings", new { channels = Array.Empty<object>() });
        (await TitlesAsync("manager-approver")).ShouldBe(["muted"]);
        (await client.PostAsJsonAsync("/api/notifications/settings", new { channels = new[] { new { id = "Pigeon", origins = Array.Empty<object>() } } }))
            .StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_approval_is_told_to_those_who_may_decide_and_then_to_who_asked()
    {
        var id = Guid.NewGuid();
        await InvokeAsync(new RequestApproval(
            id, "scaffolder.task", Guid.NewGuid().ToString(), "PostgreSQL for production", "the shop needs it", new Actor("user:default/developer", "Dana"),
            ["dba-approver"], null, "production"));
        var link = $"/access/approvals?approval={id}";

        var asked = await ExpectAsync("dba-approver", link);
        asked.GetProperty("payload").GetProperty("title").GetString().ShouldBe("To approve: PostgreSQL for production");
        asked.GetProperty("payload").GetProperty("description").GetString().ShouldBe("Dana: the shop needs it");
        (await FindAsync("developer", link)).ShouldBeNull();
        (await FindAsync("sre-approver", link)).ShouldBeNull();

        (await platform.Client("dba-approver").PostAsJsonAsync($"/api/access/approvals/{id}/review", new { decision = "approve", comment = "fine" }))
            .StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ExpectAsync("developer", link)).GetProperty("payload").GetProperty("title").GetString().ShouldBe("Approved: PostgreSQL for production");
        (await FindAsync("dba-approver", link)).ShouldBeNull();
    }

    [Fact]
    public async Task Access_and_tasks_are_told_to_their_user()
    {
        var (request, task) = (Guid.NewGuid(), Guid.NewGuid());
        await PublishAsync(new AccessGranted(request, "user:default/developer", "resource:default/orders-db", DateTimeOffset.Parse("2030-01-31T12:00:00Z")));
        await PublishAsync(new TaskStatusChanged(task, "failed", "user:default/developer", "template:default/postgresql-database", null));

        var granted = await ExpectAsync("developer", $"/access/requests/{request}");
        granted.GetProperty("payload").GetProperty("title").GetString().ShouldBe("You have access to orders-db");
        granted.GetProperty("payload").GetProperty("description").GetString().ShouldBe("Until 2030-01-31 12:00 UTC");
        var failed = await ExpectAsync("developer", $"/create/tasks/{task}");
        failed.GetProperty("payload").GetProperty("title").GetString().ShouldBe("postgresql-database failed");
        failed.GetProperty("payload").GetProperty("severity").GetString().ShouldBe("high");

        await PublishAsync(new AccessEnded(request, "user:default/developer", "resource:default/orders-db", "revoked"));
        await Eventually.BeAsync(async () =>
            (await FindAsync("developer", $"/access/requests/{request}"))?.GetProperty("payload").GetProperty("title").GetString() == "Your access to orders-db has been revoked");
    }

    [Fact]
    public async Task Whoever_may_sends_notifications()
    {
        var message = new { recipients = new { type = "broadcast" }, payload = new { title = "Maintenance tonight", topic = _topic, link = "https://status.example" } };
        (await platform.Client("developer").PostAsJsonAsync("/api/notifications", message)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        var sent = await platform.Client("platform-admin").PostAsJsonAsync("/api/notifications/notifications", message);

        sent.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await sent.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("origin").GetString().ShouldBe("platform-admin");
        (await TitlesAsync("auditor")).ShouldBe(["Maintenance tonight"]);
    }

    [Theory]
    [InlineData("""{"recipients":{"type":"broadcast"},"payload":{"title":""}}""", "payload.title")]
    [InlineData("""{"recipients":{"type":"broadcast"},"payload":{"title":"x","link":"javascript:alert(1)"}}""", "payload.link")]
    [InlineData("""{"recipients":{"type":"broadcast"},"payload":{"title":"x","link":"//evil.example"}}""", "payload.link")]
    [InlineData("""{"recipients":{"type":"entity","entityRef":["component:default/x"]},"payload":{"title":"x"}}""", "recipients.entityRef")]
    [InlineData("""{"recipients":{"type":"all"},"payload":{"title":"x"}}""", "recipients.type")]
    [InlineData("""{"recipients":{"type":"broadcast"},"payload":{"title":"x","severity":"urgent"}}""", "payload.severity")]
    [InlineData("""{"recipients":{"type":"entity"},"payload":{"title":"x"}}""", "recipients.entityRef")]
    [InlineData("""{"recipients":{"type":"entity","entityRef":"user:default/a","excludeEntityRef":"api:default/x"},"payload":{"title":"x"}}""", "recipients.excludeEntityRef")]
    [InlineData("{}", "payload.title")]
    public async Task Says_what_is_wrong_with_one_that_is_sent(string body, string field)
    {
        var response = await platform.Client("platform-admin").PostAsync("/api/notifications", new StringContent(body, null, "application/json"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(field);
    }

    private async Task<Guid> TellAsync(
        string title, string[] audience, string? description = null, string? link = null, NotificationSeverity severity = NotificationSeverity.Normal,
        string? scope = null, string? except = null)
    {
        await InvokeAsync(new Notify($"test:{Guid.NewGuid()}", audience, "test", _topic, title, description, link, severity, scope, except));
        await using var rows = Npgsql.NpgsqlDataSource.Create(platform.ConnectionString);
        await using var find = rows.CreateCommand("select id from integrations.notifications where topic = $1 and title = $2");
        find.Parameters.AddWithValue(_topic);
        find.Parameters.AddWithValue(title);
        return (Guid)(await find.ExecuteScalarAsync())!;
    }

    private async Task InvokeAsync(object message)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
    }

    private async Task PublishAsync(object message)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(message);
    }

    private Task<JsonElement> GetAsync(string account, string rest) => platform.Client(account).GetFromJsonAsync<JsonElement>($"/api/notifications/notifications{rest}");

    private async Task<string[]> TitlesAsync(string account, string query = "&orderField=title,asc") =>
        [.. (await GetAsync(account, $"?topic={_topic}{query}")).GetProperty("notifications").EnumerateArray().Select(n => n.GetProperty("payload").GetProperty("title").GetString()!)];

    private async Task<JsonElement?> FindAsync(string account, string link)
    {
        var found = (await GetAsync(account, "?limit=1000")).GetProperty("notifications").EnumerateArray()
            .Where(n => n.GetProperty("payload").GetProperty("link").GetString() == link).ToList();
        return found.Count == 0 ? null : found[0];
    }

    private async Task<JsonElement> ExpectAsync(string account, string link) =>
        (await Eventually.GetAsync(() => FindAsync(account, link), found => found is not null, TimeSpan.FromSeconds(60)))!.Value;

    private async Task<(int Unread, int Read)> StatusAsync(string account)
    {
        var status = await platform.Client(account).GetFromJsonAsync<JsonElement>("/api/notifications/status");
        return (status.GetProperty("unread").GetInt32(), status.GetProperty("read").GetInt32());
    }

    private async Task<JsonElement> UpdateAsync(string account, object body)
    {
        var response = await platform.Client(account).PostAsJsonAsync("/api/notifications/notifications/update", body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
