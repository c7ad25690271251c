using System.Net;
using System.Text.Json;
using DevPlatform.Identity.Contracts;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Wolverine;

namespace DevPlatform.Identity.Tests.Audit;

[Collection(PlatformCollection.Name)]
public sealed class AuditTests(PlatformApi platform)
{
    private static readonly Actor Ana = new("user:default/ana", "Ana", null, "sub-1", "sid-1");

    [Fact]
    public async Task A_denied_request_leaves_a_trace()
    {
        var client = platform.Client("ceiling-denied");
        var denial = await (await client.GetAsync("/api/identity/audit")).JsonAsync(HttpStatusCode.Forbidden);
        denial.GetProperty("error").GetProperty("name").GetString().ShouldBe("NotAllowedError");
        denial.GetProperty("error").GetProperty("message").GetString()
            .ShouldBe("audit.read is not allowed: role platform-admin counts only with Azure AD group aad-platform-admins, which the caller lacks");

        var found = await Eventually.GetAsync(
            () => PageAsync($"requestId={denial.GetProperty("traceId").GetString()}"), items => items.GetArrayLength() == 1);
        var row = found[0];
        row.GetProperty("actorRef").GetString().ShouldBe("user:default/ceiling-denied");
        row.GetProperty("action").GetString().ShouldBe("permission.denied");
        row.GetProperty("result").GetString().ShouldBe("denied");
        row.GetProperty("resource").GetString().ShouldBe("audit.read");
        row.GetProperty("sessionId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Stores_a_redelivered_event_once()
    {
        var resource = $"task:{Guid.NewGuid()}";
        var message = EventOn(resource);
        await RecordAsync(message);
        await RecordAsync(message);

        (await PageAsync($"resource={resource}")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Filters_and_pages_newest_first()
    {
        var resource = $"task:{Guid.NewGuid()}";
        foreach (var action in new[] { "one", "two", "three" })
        {
            await RecordAsync(EventOn(resource) with { Action = action });
        }

        var auditor = platform.Client("auditor");
        var first = await auditor.GetJsonAsync($"/api/identity/audit?resource={resource}&limit=2");
        var second = await auditor.GetJsonAsync($"/api/identity/audit?resource={resource}&limit=2&before={first.GetProperty("nextBefore").GetInt64()}");

        Actions(first).ShouldBe(["three", "two"]);
        Actions(second).ShouldBe(["one"]);
        second.GetProperty("nextBefore").ValueKind.ShouldBe(JsonValueKind.Null);
        Actions(await auditor.GetJsonAsync($"/api/identity/audit?resource={resource}&action=two&actor=user:default/ana&result=success")).ShouldBe(["two"]);
        Actions(await auditor.GetJsonAsync($"/api/identity/audit?resource={resource}&from=2999-01-01T00:00:00Z")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0", "\"limit\"")]
    [InlineData("limit=1001", "\"limit\"")]
    [InlineData("limit=many", "limit")]
    [InlineData("from=yesterday", "From")]
    public async Task Refuses_a_bad_filter(string query, string field)
    {
        var answer = await (await platform.Client("auditor").GetAsync($"/api/identity/audit?{query}")).JsonAsync(HttpStatusCode.BadRequest);

        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(field);
    }

    [Fact]
    public async Task Exports_JSON_lines_oldest_first()
    {
        var resource = $"task:{Guid.NewGuid()}";
        await RecordAsync(EventOn(resource) with { Action = "one" });
        await RecordAsync(EventOn(resource) with { Action = "two" });

        var response = await platform.Client("auditor").GetAsync($"/api/identity/audit/export?resource={resource}");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/jsonl");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(l => JsonSerializer.Deserialize<JsonElement>(l).GetProperty("action").GetString()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task The_database_refuses_to_change_or_remove_events()
    {
        await RecordAsync(EventOn("task:x"));
        await using var connection = new NpgsqlConnection(platform.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in new[] { "update identity.audit_events set reason = 'x'", "delete from identity.audit_events", "truncate identity.audit_events" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).MessageText.ShouldContain("append-only");
        }
    }

    private static string[] Actions(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("action").GetString()!)];

    private async Task<JsonElement> PageAsync(string query) => (await platform.Client("auditor").GetJsonAsync($"/api/identity/audit?{query}")).GetProperty("items");

    private async Task RecordAsync(RecordAuditEvent message)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
    }

    internal static RecordAuditEvent EventOn(string resource) => new(
        Guid.CreateVersion7(), DateTimeOffset.UtcNow, Ana, "scaffolder.task.create", resource, "success", "because", "trace", "task", "abc", null, """{"a":"é"}""");
}
