using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace DevPlatform.TopologyTests.Portal;

/// <summary>Scripts in what people write stay text: in an entity, in its documentation, in a task's log.</summary>
[Collection(TopologyCollection.Name)]
public sealed class HostileContentTests(Topology topology, Chromium chromium)
{
    private const string Attack = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>[x](javascript:window.hacked=1)";

    private const string HostileTemplate = """
        apiVersion: scaffolder.backstage.io/v1beta3
        kind: Template
        metadata:
          name: hostile-log
          title: Hostile log
        spec:
          type: service
          owner: team-data
          parameters:
            - properties:
                text: { type: string }
          steps:
            - id: log
              name: <img src=x onerror="window.hacked=1">
              action: debug:log
              input:
                message: 'Hostile log: ${{ parameters.text }}'
          output:
            links:
              - title: <img src=x onerror="window.hacked=1">
                url: javascript:window.hacked=1
            text:
              - title: Text
                content: '${{ parameters.text }}'
        """;

    [Fact]
    public async Task The_policy_allows_no_inline_scripts()
    {
        using var http = new HttpClient { BaseAddress = topology.Api };
        using var answer = await http.GetAsync("/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();

        var scripts = policy.Split(';', StringSplitOptions.TrimEntries).Single(directive => directive.StartsWith("script-src ", StringComparison.Ordinal));
        scripts.ShouldNotContain("unsafe-inline");
        scripts.ShouldNotContain("*");
        policy.ShouldContain("object-src 'none'");
        policy.ShouldContain("frame-ancestors");
    }

    [Fact]
    public async Task An_entity_and_its_documentation_with_scripts_stay_inert()
    {
        using var api = await topology.SignInAsync("developer");
        await topology.SeededAsync(api);
        await topology.EditAsync("data/data-ingest", "catalog-info.yaml", text => Described(text));
        await topology.EditAsync("data/data-ingest", "docs/index.md", text => $"{text}\n\nHostile: {Attack}\n");
        await api.PollAsync(
            "api/catalog/entities/by-name/component/default/data-ingest", entity => entity["metadata"]!["description"]?.GetValue<string>().Contains("onerror") == true,
            TimeSpan.FromMinutes(2), "The new description", default);
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");

        await user.GoAsync("/catalog/default/component/data-ingest");
        await user.Page.GetByText("Hostile:").First.WaitForAsync();
        await user.ScreenshotAsync("hostile-entity");
        (await HackedAsync(user)).ShouldBeFalse();

        // The reader shows what is built already and offers the newer version.
        await user.GoAsync("/docs/default/component/data-ingest");
        await user.Page.GetByText("Hostile:").Or(user.Page.GetByRole(AriaRole.Button, new() { Name = "Refresh" })).First.WaitForAsync();
        await user.GoAsync("/docs/default/component/data-ingest");
        await user.Page.GetByText("Hostile:").First.WaitForAsync();
        await user.ScreenshotAsync("hostile-docs");
        (await HackedAsync(user)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_tasks_log_with_scripts_stays_inert()
    {
        using var api = await topology.SignInAsync("developer");
        await topology.SeededAsync(api);
        await topology.EditAsync("data/data-ingest", "catalog-info.yaml", text => $"{text.TrimEnd()}\n---\n{HostileTemplate}");
        await api.PollAsync("api/catalog/entities/by-name/template/default/hostile-log", _ => true, TimeSpan.FromMinutes(2), "The template", default);
        var task = (await api.PostAsync("api/scaffolder/v2/tasks", new JsonObject { ["templateRef"] = "template:default/hostile-log", ["values"] = new JsonObject { ["text"] = Attack } }, default))["id"]!.GetValue<string>();
        (await Topology.EndAsync(api, task)).ShouldBe("completed");
        await using var user = await PortalUser.SignInAsync(chromium, topology.Api, "developer");

        await user.GoAsync($"/create/tasks/{task}");

        await user.Page.GetByText("Hostile log:").First.WaitForAsync();
        await user.ScreenshotAsync("hostile-log");
        (await HackedAsync(user)).ShouldBeFalse();
        user.Problems.ShouldBeEmpty();
    }

    private static string Described(string yaml)
    {
        var lines = yaml.Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith("  description:", StringComparison.Ordinal));
        lines[at] = $"  description: 'Hostile: {Attack.Replace("'", "''", StringComparison.Ordinal)}'";
        return string.Join('\n', lines);
    }

    private static Task<bool> HackedAsync(PortalUser user) => user.Page.EvaluateAsync<bool>("() => 'hacked' in window");
}
