using System.Net;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

/// <summary>The staging quota is five databases for each owner.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class QuotaTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Two_requests_cannot_both_take_the_last_slot()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("raced", "- { id: wait, action: \"debug:wait\", input: { seconds: 60 } }"));
        var team = SampleTemplates.UniqueName("team");
        fixture.Platform.Resources[$"database/staging/group:default/{team}"] = ["resource:default/a", "resource:default/b", "resource:default/c", "resource:default/d"];

        // Two replicas, which share nothing but the database.
        await using var second = await fixture.StartHostAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? _client : second.Client())
            .PostTaskAsync(template, new { name = $"{team}-{i}", environment = "staging", owner = team })));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.Conflict).ToList();
        refused.Count.ShouldBe(9);
        foreach (var answer in refused)
        {
            (await answer.Content.ReadAsStringAsync()).ShouldContain(
                $"\\\"values.environment\\\" is not valid: the quota of group:default/{team} for database in staging is full: found 5 in use (1 by tasks in flight); allowed: 5");
        }
    }

    [Fact]
    public async Task A_slot_comes_back_when_its_task_ends_without_a_commit()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("released").Replace("team-orders\n", "NOT VALID\n", StringComparison.Ordinal));
        var team = SampleTemplates.UniqueName("team");
        fixture.Platform.Resources[$"database/staging/group:default/{team}"] = ["resource:default/a", "resource:default/b", "resource:default/c", "resource:default/d"];

        for (var i = 0; i < 2; i++)
        {
            var id = await _client.CreateTaskAsync(template, new { name = $"{team}-x", environment = "staging", owner = team });
            (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        }
    }

    [Fact]
    public async Task A_task_that_failed_after_its_commit_keeps_its_slot()
    {
        var template = fixture.Platform.AddTemplate(
            SampleTemplates.Database("kept-slot", "- { id: bad, action: \"catalog:fetch\", input: { entityRef: \"component:default/none\" } }"));
        var team = SampleTemplates.UniqueName("team");
        fixture.Platform.Resources[$"database/staging/group:default/{team}"] = ["resource:default/a", "resource:default/b", "resource:default/c", "resource:default/d"];

        var id = await _client.CreateTaskAsync(template, new { name = $"{team}-x", environment = "staging", owner = team });
        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");

        (await _client.PostTaskAsync(template, new { name = $"{team}-y", environment = "staging", owner = team })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Two_tasks_cannot_create_one_name()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("one-name", "- { id: wait, action: \"debug:wait\", input: { seconds: 60 } }"));
        var name = SampleTemplates.UniqueName("same");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
            _client.PostTaskAsync(template, new { name, environment = "staging", owner = SampleTemplates.UniqueName($"team{i}") })));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(3);
    }
}
