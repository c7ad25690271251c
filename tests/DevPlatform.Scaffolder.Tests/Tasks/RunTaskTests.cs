using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class RunTaskTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Runs_the_steps_in_order_and_says_so()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: hello }
            spec:
              type: service
              steps:
                - { id: hello, name: Say hello, action: "debug:log", input: { message: "Hello ${{ parameters.name }} by ${{ user.ref }}" } }
                - { id: never, name: Never, if: "${{ parameters.name === 'never' }}", action: "debug:log", input: { message: never } }
                - { action: "debug:log", input: { message: plain } }
              output:
                links:
                  - { title: "Open ${{ parameters.name }}", url: "https://example.com/" }
                  - { title: Hidden, if: "${{ parameters.name === 'never' }}" }
                  - { title: Script, url: " JavaScript:alert(1)" }
                number: ${{ parameters.count }}
            """);

        var id = await _client.CreateTaskAsync(template, new { name = "abc", count = 5 });
        var task = await _client.WaitForEndAsync(id);

        task["status"]!.ToString().ShouldBe("completed");
        task["createdBy"]!.ToString().ShouldBe("user:default/ana");
        task["spec"]!["steps"]![2]!["id"]!.ToString().ShouldBe("step-3");
        (await _client.GetMessagesAsync(id)).ShouldBe(
        [
            "Starting up task with 3 steps", "Beginning step Say hello", "Hello abc by user:default/ana", "Finished step Say hello", "Beginning step Never",
            "Skipping step never because its if condition was false", "Beginning step debug:log", "plain", "Finished step debug:log", "Run completed with status: completed",
        ]);
        (await _client.GetCompletionAsync(id))["output"]!.ToJsonString().ShouldBe("""{"links":[{"title":"Open abc","url":"https://example.com/"}],"number":5}""");
    }

    [Fact]
    public async Task Skips_what_follows_a_failure_but_runs_what_always_runs()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: failing }
            spec:
              type: service
              steps:
                - { id: bad, name: Breaks, action: "catalog:fetch", input: { entityRef: "component:default/does-not-exist" } }
                - { id: later, name: Later, action: "debug:log", input: { message: not reached } }
                - { id: cleanup, name: Cleanup, if: "${{ always() }}", action: "debug:log", input: { message: cleanup ran } }
            """);

        var id = await _client.CreateTaskAsync(template, new { });

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        var messages = await _client.GetMessagesAsync(id);
        messages.ShouldContain("Error: Entity component:default/does-not-exist not found");
        messages.ShouldContain("Skipping step later because a previous step failed");
        messages.ShouldContain("cleanup ran");
        (await _client.GetCompletionAsync(id)).ToJsonString().ShouldBe(
            """{"message":"Run completed with status: failed","error":{"name":"Error","message":"Entity component:default/does-not-exist not found"}}""");
    }

    [Theory]
    [InlineData("fetch:plain", "{ targetPath: x }", "InputError", "Invalid input passed to action fetch:plain, instance requires property \"url\"")]
    [InlineData("no:such", "{}", "NotFoundError", "Template action with ID 'no:such' is not registered")]
    [InlineData("fs:delete", "{ files: [../../etc] }", "InputError", "a path inside the workspace")]
    public async Task Fails_a_step_with_its_reason(string action, string input, string name, string message)
    {
        var template = fixture.Platform.AddTemplate(
            $$"""
            metadata: { name: {{SampleTemplates.UniqueName("bad-step")}} }
            spec: { type: service, steps: [{ id: bad, action: "{{action}}", input: {{input}} }] }
            """);

        var id = await _client.CreateTaskAsync(template, new { });

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        var error = (await _client.GetCompletionAsync(id))["error"]!;
        error["name"]!.ToString().ShouldBe(name);
        error["message"]!.ToString().ShouldContain(message);
    }

    [Fact]
    public async Task Runs_a_step_for_each_item_and_gathers_outputs()
    {
        fixture.Platform.Entities["component:default/one"] = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "one" } };
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: each }
            spec:
              type: service
              steps:
                - { id: loop, each: [one, one], action: "catalog:fetch", input: { entityRef: "component:default/${{ each.value }}" } }
                - { id: show, each: "${{ parameters.map }}", action: "debug:log", input: { message: "${{ each.key }}=${{ each.value }}" } }
              output: { entities: "${{ steps.loop.output.entity }}" }
            """);

        var id = await _client.CreateTaskAsync(template, new { map = new { a = 1, b = 2 } });

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("completed");
        (await _client.GetMessagesAsync(id)).ShouldContain("a=1");
        (await _client.GetCompletionAsync(id))["output"]!["entities"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Stops_a_running_step_when_cancelled()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: long }
            spec:
              type: service
              steps: [{ id: wait, action: "debug:wait", input: { seconds: 300 } }, { id: after, action: "debug:log", input: { message: after } }]
            """);
        var id = await _client.CreateTaskAsync(template, new { });
        await TaskClient.UntilAsync(async () => (await _client.GetMessagesAsync(id)).Contains("Waiting for 300 seconds") ? "" : null, () => Task.FromResult("never waited"));

        using var retry = await _client.PostAsJsonAsync($"/api/scaffolder/v2/tasks/{id}/retry", new { });
        using var answer = await _client.PostAsync($"/api/scaffolder/v2/tasks/{id}/cancel", null);

        retry.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"cancelled"}""");
        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("cancelled");
        var cancelled = (await _client.GetEventsAsync(id)).Single(e => e["type"]!.ToString() == "cancelled");
        cancelled["body"]!["message"]!.ToString().ShouldBe("Step wait has been cancelled.");
        (await _client.GetMessagesAsync(id)).ShouldNotContain("after");
        (await _client.PostAsync($"/api/scaffolder/v2/tasks/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Retries_from_the_step_that_failed()
    {
        var name = SampleTemplates.UniqueName("retried");
        var template = fixture.Platform.AddTemplate(
            $$"""
            metadata: { name: {{name}} }
            spec:
              type: service
              steps:
                - { id: first, action: "catalog:write", input: { filePath: made.yaml, entity: { kind: X } } }
                - { id: second, action: "catalog:fetch", input: { entityRef: "component:default/{{name}}" } }
                - { id: third, action: "debug:log", input: { listWorkspace: true } }
            """);
        var id = await _client.CreateTaskAsync(template, new { });
        await _client.WaitForStatusAsync(id, "failed");
        fixture.Platform.Entities[$"component:default/{name}"] = [];

        using var answer = await _client.PostAsJsonAsync($"/api/scaffolder/v2/tasks/{id}/retry", new { });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.ToString().ShouldBe(id);
        await _client.WaitForStatusAsync(id, "completed");
        var messages = await _client.GetMessagesAsync(id);
        messages[0].ShouldBe("Task was retried");
        messages.ShouldNotContain("Beginning step catalog:write");
        messages.ShouldContain(m => m.Contains("made.yaml"));
    }

    [Fact]
    public async Task Publishes_status_and_audit_events()
    {
        var template = fixture.Platform.AddTemplate("metadata: { name: audited }\nspec: { type: service, steps: [] }");

        var id = await _client.CreateTaskAsync(template, new { });
        await _client.WaitForEndAsync(id);

        await TaskClient.UntilAsync(() => fixture.Platform.StatusChanges.Any(s => s.TaskId.ToString() == id && s.Status == "completed"), "no TaskStatusChanged");
        await TaskClient.UntilAsync(() => fixture.Platform.Audit.Count(a => a.TaskId == id) == 2, "not two audit events");
        fixture.Platform.Audit.Where(a => a.TaskId == id).Select(a => $"{a.Action} {a.Result} {a.Actor.UserRef}").Order()
            .ShouldBe(["scaffolder.task.complete success user:default/ana", "scaffolder.task.create success user:default/ana"]);
    }
}
