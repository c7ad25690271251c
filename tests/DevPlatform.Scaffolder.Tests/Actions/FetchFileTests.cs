using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class FetchFileTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task One_file_is_copied_as_it_is_or_rendered()
    {
        var id = await StartAsync(
            """
            - { action: "fetch:plain:file", input: { url: ./skeleton/raw/kept.txt, targetPath: plain.txt } }
            - { action: "fetch:template:file", input: { url: ./skeleton/README.md, targetPath: docs/README.md, values: { name: orders, owner: team-a } } }
            """);

        await _client.WaitForStatusAsync(id, "completed");
        var listing = (await _client.GetMessagesAsync(id)).Single(m => m.StartsWith("Workspace:", StringComparison.Ordinal));
        listing.ShouldContain("plain.txt\n\n${{ values.name }}\n");
        listing.ShouldContain("docs/README.md\n\nDatabase orders of team-a\n");
    }

    [Fact]
    public async Task A_file_that_is_there_stays_unless_it_is_to_be_replaced()
    {
        const string Step = "{ id: s, action: \"fetch:template:file\", input: { url: ./b.txt, targetPath: a.txt, replace: REPLACE } }";
        var files = new Dictionary<string, string> { ["a.txt"] = "first", ["b.txt"] = "second" };
        var template = "metadata: { name: twice }\nspec:\n  type: x\n  steps:\n    - { action: \"fetch:plain:file\", input: { url: ./a.txt, targetPath: a.txt } }\n    - " + Step;

        (await _client.DryRunAsync(template.Replace("REPLACE", "false", StringComparison.Ordinal), files: files)).Files()["a.txt"].ShouldBe("first");
        (await _client.DryRunAsync(template.Replace("REPLACE", "true", StringComparison.Ordinal), files: files)).Files()["a.txt"].ShouldBe("second");
    }

    [Theory]
    [InlineData("fetch:plain:file", "{ url: ./skeleton, targetPath: x }", "the address of one file")]
    [InlineData("fetch:plain:file", "{ url: ./skeleton/nothing.md, targetPath: x }", "has nothing at")]
    [InlineData("fetch:plain:file", "{ url: ./skeleton/README.md, targetPath: ../x }", "a path inside the workspace")]
    [InlineData("fetch:template:file", "{ url: ./skeleton/README.md }", "requires property \"targetPath\"")]
    [InlineData("fs:readdir", "{ paths: [../..] }", "a path inside the workspace")]
    [InlineData("fs:readdir", "{ paths: [nothing-here] }", "a directory of the workspace")]
    public async Task Refuses_what_it_must_not_read_or_write(string action, string input, string reason) =>
        (await fixture.FailStepAsync(action, input)).ShouldContain(reason);

    [Fact]
    public async Task Directories_are_listed_one_level_or_all()
    {
        var files = new Dictionary<string, string> { ["in/a.txt"] = "a", ["in/sub/b.txt"] = "b" };
        var run = await _client.DryRunAsync(
            """
            metadata: { name: listed }
            spec:
              type: service
              steps:
                - { action: "fetch:plain", input: { url: ./in } }
                - { id: flat, action: "fs:readdir", input: { paths: ["."] } }
                - { id: deep, action: "fs:readdir", input: { paths: ["."], recursive: true } }
              output: { flat: "${{ steps.flat.output }}", deep: "${{ steps.deep.output }}" }
            """,
            files: files);

        Paths(run, "flat", "files").ShouldBe(["a.txt"]);
        Paths(run, "flat", "folders").ShouldBe(["sub"]);
        Paths(run, "deep", "files").ShouldBe(["a.txt", "sub/b.txt"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_token_reads_what_the_platform_may_not()
    {
        var url = $"{fixture.Tools.GitHubUrl}acme/existing/blob/main/README.md";

        (await fixture.FailStepAsync("fetch:plain:file", $$"""{ url: "{{url}}", targetPath: x }""")).ShouldNotBeEmpty();
        (await fixture.FailStepAsync("fetch:plain:file", $$"""{ url: "{{url}}", targetPath: x, token: wrong-token }""")).ShouldContain("cannot be read with the given token");
        var id = await StartAsync($$"""- { action: "fetch:plain:file", input: { url: "{{url}}", targetPath: x, token: {{OutsideTools.GitHubToken}} } }""");
        await _client.WaitForStatusAsync(id, "completed");
        (await _client.GetMessagesAsync(id)).ShouldContain(m => m.Contains("# Existing"));
    }

    private static IEnumerable<string> Paths(System.Text.Json.Nodes.JsonObject run, string step, string what) =>
        run["output"]![step]![what]!.AsArray().Select(e => e!["path"]!.ToString());

    private Task<string> StartAsync(string steps)
    {
        var indented = string.Join('\n', steps.Split('\n').Select(line => "    " + line));
        var template = fixture.Platform.AddTemplate(
            $"metadata: {{ name: {SampleTemplates.UniqueName("files")} }}\nspec:\n  type: service\n  steps:\n{indented}\n    - {{ action: \"debug:log\", input: {{ listWorkspace: with-contents }} }}",
            fixture.Git.TemplateUrl("database"));
        return _client.CreateTaskAsync(template, new { });
    }
}
