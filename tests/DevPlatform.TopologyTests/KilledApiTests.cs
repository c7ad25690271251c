using System.Text.Json.Nodes;

namespace DevPlatform.TopologyTests;

/// <summary>The API dies in the middle of provisioning (SIGKILL): after its restart the task completes, with one commit.</summary>
[Collection(TopologyCollection.Name)]
public sealed class KilledApiTests(Topology topology)
{
    [Theory]
    [InlineData("fetch")]
    [InlineData("commit")]
    [InlineData("ready")]
    public async Task A_task_completes_with_one_commit_when_the_api_is_killed_in_step(string step)
    {
        using var developer = await topology.SignInAsync("developer");
        var id = await topology.StartDatabaseAsync(developer, $"killed-in-{step}");
        await developer.PollAsync(
            $"api/scaffolder/v2/tasks/{id}/events", events => Reached(events, step), TimeSpan.FromMinutes(2), $"The task reaches step {step}", default);

        await topology.KillApiAsync();

        (await Topology.EndAsync(developer, id)).ShouldBe("completed", (await developer.GetAsync($"api/scaffolder/v2/tasks/{id}/events", default)).ToJsonString());
        var commits = await topology.CommitsAsync("platform/gitops");
        commits.Count(c => c.Contains($"Task-Id: {id}", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static bool Reached(JsonNode events, string step) =>
        events.AsArray().Any(e => e!["body"]?["stepId"]?.GetValue<string>() == step);
}
