using System.Net;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class DryRunTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Answers_log_workspace_output_and_steps()
    {
        var run = await _client.DryRunAsync(
            """
            metadata: { name: tried }
            spec:
              type: service
              parameters: { required: [name], properties: { name: { type: string } } }
              steps:
                - { id: fetch, name: Fetch, action: "fetch:template", input: { url: ./skeleton, values: { name: "${{ parameters.name }}" } } }
                - { id: say, action: "debug:log", input: { message: "pass ${{ secrets.pass }}" } }
              output: { links: [{ title: "Open ${{ parameters.name }}", url: "https://example.com" }] }
            """,
            new { name = "orders" },
            new() { ["skeleton/${{ values.name }}.md"] = "# ${{ values.name }}", ["template.yaml"] = "not copied" },
            new { pass = "canary-dry-run" });

        run.Files().ShouldBe(new Dictionary<string, string> { ["orders.md"] = "# orders" });
        run["output"]!["links"]![0]!["title"]!.ToString().ShouldBe("Open orders");
        run["steps"]!.AsArray().Select(s => s!["id"]!.ToString()).ShouldBe(["fetch", "say"]);
        run.Log().ShouldContain("Beginning step Fetch");
        run.Log().ShouldContain("***");
        run.ToJsonString().ShouldNotContain("canary-dry-run");
    }

    [Fact]
    public async Task Touches_nothing_outside_and_leaves_no_row()
    {
        var (tasks, commits, messages) = (await CountTasksAsync(), fixture.Git.Commits().Count, fixture.Tools.ChatMessages.Count);
        var run = await _client.DryRunAsync(
            SampleTemplates.Database(
                "tried",
                $$$"""
                - { id: register, action: "catalog:register", input: { catalogInfoUrl: "${{ steps.commit.output.catalogInfoUrl }}" } }
                - { id: publish, action: "publish:git", input: { repoUrl: "{{{fixture.Git.BaseUrl}}}services/never-made.git" } }
                - { id: github, action: "publish:github", input: { repoUrl: "{{{fixture.Tools.RepoUrl("never-made")}}}" } }
                - { id: pull, action: "publish:github:pull-request", input: { repoUrl: "{{{fixture.Tools.RepoUrl("existing")}}}", branchName: b, title: t, description: d } }
                - { id: tell, action: "notification:slack", input: { message: never } }
                - { id: mail, action: "notification:email", input: { subject: never, body: never } }
                - { id: schema, action: "schema:register", input: { artifactId: never, type: JSON, content: "{}" } }
                - { id: ask, action: "access:request-approval", input: { roles: [x], reason: never } }
                - { id: ready, action: "platform:wait-ready", input: { entityRef: "${{ steps.claim.output.entityRef }}" } }
                - { id: wait, action: "debug:wait", input: { minutes: 9 } }
                """),
            new { name = "tried-db", environment = "staging", owner = "team-tried" });

        run.Log().ShouldContain(m => m.StartsWith("Would commit 3 files to claims/team-orders/tried-db on main"));
        foreach (var action in new[] { "catalog:register", "publish:github", "notification:slack", "notification:email", "schema:register", "access:request-approval", "platform:wait-ready" })
        {
            run.Log().ShouldContain($"Skipping because {action} does not support dry-run");
        }

        run.Files().Keys.ShouldBe(["catalog-info.yaml", "claim.yaml", "external-secret.yaml"]);
        (await CountTasksAsync(), fixture.Git.Commits().Count, fixture.Tools.ChatMessages.Count).ShouldBe((tasks, commits, messages));
        fixture.Tools.ReadGitHub("existing", "b", "claim.yaml").ShouldBeNull();
        Directory.Exists(Path.Combine(fixture.Directory, "git", "repositories", "services", "never-made.git")).ShouldBeFalse();
        Directory.EnumerateDirectories(fixture.Directory, "dry-run-*", SearchOption.AllDirectories).ShouldBeEmpty("the workspace is gone");
    }

    [Fact]
    public async Task Holds_the_guardrails_that_a_run_would_hold()
    {
        using var named = await _client.PostDryRunAsync(SampleTemplates.Database("tried"), new { name = "BAD NAME", environment = "staging", owner = "team-tried" });
        named.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await named.Content.ReadAsStringAsync()).ShouldContain("values.name");

        (await _client.PostDryRunAsync(DryRuns.Step("gitops:commit", "{ targetPath: x, message: m }"))
            .ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain("a workspace directory with files");
    }

    [Theory]
    [InlineData("""{ "values": {}, "directoryContents": [] }""", "\"template\"")]
    [InlineData("""{ "template": {}, "values": {}, "directoryContents": [] }""", "metadata.name")]
    [InlineData("""{ "template": { "metadata": { "name": "x" }, "spec": { "type": "x", "steps": [{}] } }, "values": {}, "directoryContents": [] }""", "template.spec.steps[0].action")]
    [InlineData("""{ "template": { "metadata": { "name": "x" }, "spec": { "type": "x", "steps": [] } }, "directoryContents": [] }""", "\"values\"")]
    [InlineData("""{ "template": { "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": { "name": "x" }, "spec": { "type": "x", "steps": [] } }, "values": {}, "directoryContents": [{ "path": "a", "base64Content": "?" }] }""", "directoryContents[0].base64Content")]
    [InlineData("""{ "template": { "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": { "name": "x" }, "spec": { "type": "x", "steps": [] } }, "values": {}, "directoryContents": [], "secrets": { "a": 1 } }""", "secrets.a")]
    public async Task Refuses_a_body_that_is_not_one(string body, string named)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        (await _client.PostAsync("/api/scaffolder/v2/dry-run", content).ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(named);
    }

    [Theory]
    [InlineData("debug:log", "{ message: \"${{ 1 | nosuch }}\" }", "")]
    [InlineData("fetch:plain", "{ url: ./nothing }", "a directory or file of directoryContents")]
    [InlineData("fetch:plain", "{ url: ../../etc/passwd }", "a directory or file of directoryContents")]
    [InlineData("no:such", "{}", "is not registered")]
    public async Task A_failing_step_is_an_error(string action, string input, string reason)
    {
        using var answer = await _client.PostDryRunAsync(DryRuns.Step(action, input), files: new() { ["a.txt"] = "a" });
        if (reason.Length == 0)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, "what does not parse stays as it is written");
            return;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"]!.ToString().ShouldContain(reason);
    }

    [Fact]
    public async Task Needs_the_permissions_of_a_run() =>
        (await fixture.Host.Client("auditor").PostDryRunAsync(DryRuns.Step("debug:log", "{ message: x }"))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

    private async Task<int> CountTasksAsync() =>
        (await fixture.Host.Client("admin").GetAsync("/api/scaffolder/v2/tasks?limit=1") is var answer)
            ? JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["totalTasks"]!.GetValue<int>()
            : 0;
}
