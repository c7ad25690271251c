using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.Shared.Identity;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class TaskEventsTests(ScaffolderFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client = fixture.Host.Client();

    private FakeSessions Sessions => (FakeSessions)fixture.Host.Services.GetRequiredService<ISessionEnds>();

    [Fact]
    public async Task Streams_a_running_task_live_and_ends_with_its_completion()
    {
        var id = await _client.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 1.5 });
        using var response = await _client.GetAsync($"/api/scaffolder/v2/tasks/{id}/eventstream", HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var seen = new List<JsonObject>();
        var sawWaitWhileRunning = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                seen.Add((JsonObject)JsonNode.Parse(line[6..])!);
                sawWaitWhileRunning |= seen[^1]["body"]!["message"]!.ToString() == "Beginning step Wait"
                    && (await _client.GetTaskAsync(id))["status"]!.ToString() == "processing";
            }
        }

        sawWaitWhileRunning.ShouldBeTrue("the stream is live");
        seen[^1]["type"]!.ToString().ShouldBe("completion");
        var ids = seen.Select(e => e["id"]!.GetValue<long>()).ToList();
        ids.ShouldBe(ids.Order());
        (await _client.GetEventsAsync(id)).Select(e => e.ToJsonString()).ShouldBe(seen.Select(e => e.ToJsonString()));
    }

    [Fact]
    public async Task Continues_after_the_last_event_seen_and_always_has_the_completion()
    {
        var id = await _client.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 0 });
        await _client.WaitForEndAsync(id);
        var all = await _client.GetEventsAsync(id);
        var third = all[2]["id"]!.GetValue<long>();

        (await _client.GetEventsAsync(id, third)).Count.ShouldBe(all.Count - 3);
        (await StreamAsync($"{id}/eventstream?after={third}")).ShouldBe(all.Skip(3).Select(e => e["id"]!.GetValue<long>()));
        (await StreamAsync($"{id}/eventstream?after={all[^1]["id"]}")).ShouldBe([all[^1]["id"]!.GetValue<long>()]);
    }

    [Fact]
    public async Task Ends_with_the_session_and_goes_on_with_the_next_without_a_lost_or_doubled_line()
    {
        var dora = fixture.Host.Client("dora");
        var id = await dora.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 5 });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/scaffolder/v2/tasks/{id}/eventstream?after=0");
        var first = new StreamReader(await (await dora.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)).Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (!lines.Exists(line => line.StartsWith("id:", StringComparison.Ordinal)))
        {
            lines.Add((await first.ReadLineAsync())!);
        }

        Sessions.End("user:default/dora");

        lines.AddRange((await first.ReadToEndAsync().WaitAsync(Deadline)).Split('\n'));
        lines.ShouldContain("retry: 500");
        lines.ShouldNotContain("event: completion");
        // As a browser comes again: the same query, and what it saw since.
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/scaffolder/v2/tasks/{id}/eventstream?after=0");
        again.Headers.Add("Last-Event-ID", lines.Last(line => line.StartsWith("id:", StringComparison.Ordinal))[4..]);
        var rest = await (await dora.SendAsync(again)).Content.ReadAsStringAsync().WaitAsync(Deadline);
        var seen = lines.Concat(rest.Split('\n')).Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]);
        seen.ShouldBe((await dora.GetEventsAsync(id)).Select(e => e.ToJsonString()));
        rest.ShouldNotContain("retry");
    }

    [Fact]
    public async Task A_long_poll_ends_with_the_session()
    {
        var emil = fixture.Host.Client("emil");
        var id = await emil.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 20 });
        var poll = emil.GetStringAsync($"/api/scaffolder/v2/tasks/{id}/events?after={long.MaxValue}");
        await Eventually.BeAsync(() => Task.FromResult(Sessions.Open("user:default/emil") == 1), Deadline);

        Sessions.End("user:default/emil");

        (await poll.WaitAsync(Deadline)).ShouldBe("[]");
        (await emil.GetTaskAsync(id))["status"]!.ToString().ShouldBe("processing", "it was not the task that ended it");
        await emil.PostAsync($"/api/scaffolder/v2/tasks/{id}/cancel", null);
    }

    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000000/events", HttpStatusCode.NotFound)]
    [InlineData("not-a-guid/eventstream", HttpStatusCode.NotFound)]
    public async Task Does_not_know_other_tasks(string path, HttpStatusCode status) =>
        (await _client.GetAsync($"/api/scaffolder/v2/tasks/{path}")).StatusCode.ShouldBe(status);

    [Fact]
    public async Task Refuses_an_after_that_is_no_event()
    {
        var id = await _client.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 0 });

        (await _client.GetAsync($"/api/scaffolder/v2/tasks/{id}/eventstream?after=x")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Shows_a_task_to_its_owner_and_those_who_may_see_all()
    {
        var id = await _client.CreateTaskAsync(AddWaitingTemplate(), new { seconds = 0 });

        (await fixture.Host.Client("bob").GetAsync($"/api/scaffolder/v2/tasks/{id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Host.Client("bob").GetAsync($"/api/scaffolder/v2/tasks/{id}/eventstream")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Host.Client("bob").GetStringAsync("/api/scaffolder/v2/tasks")).ShouldNotContain(id);
        (await fixture.Host.Client("auditor").GetStringAsync("/api/scaffolder/v2/tasks")).ShouldContain(id);
        (await fixture.Host.Client("auditor").PostAsync($"/api/scaffolder/v2/tasks/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Lists_tasks_filtered_ordered_and_paged()
    {
        var carla = fixture.Host.Client("carla");
        var template = AddWaitingTemplate();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await carla.CreateTaskAsync(template, new { seconds = 0 }));
            await carla.WaitForEndAsync(ids[i]);
        }

        (await ListAsync("")).ShouldBe($"{ids[2]} {ids[1]} {ids[0]} of 3");
        (await ListAsync("?order=asc:created_at&limit=2&offset=1")).ShouldBe($"{ids[1]} {ids[2]} of 3");
        (await ListAsync("?status=failed")).ShouldBe(" of 0");
        (await ListAsync("?status=failed&status=completed&createdBy=user:default/carla&limit=0")).ShouldBe(" of 3");
        foreach (var bad in new[] { "?order=asc:nope", "?order=nope", "?limit=x", "?offset=-1" })
        {
            (await carla.GetAsync($"/api/scaffolder/v2/tasks{bad}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, bad);
        }

        async Task<string> ListAsync(string query)
        {
            var list = (JsonObject)JsonNode.Parse(await carla.GetStringAsync($"/api/scaffolder/v2/tasks{query}"))!;
            return $"{string.Join(' ', list["tasks"]!.AsArray().Select(t => t!["id"]!.ToString()))} of {list["totalTasks"]}";
        }
    }

    private async Task<IEnumerable<long>> StreamAsync(string path)
    {
        var text = await _client.GetStringAsync($"/api/scaffolder/v2/tasks/{path}");
        return text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l[6..])!["id"]!.GetValue<long>());
    }

    private string AddWaitingTemplate() => fixture.Platform.AddTemplate(
        """
        metadata: { name: waiting }
        spec: { type: service, steps: [{ id: wait, name: Wait, action: "debug:wait", input: { seconds: "${{ parameters.seconds }}" } }] }
        """);
}
