using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class FetchTemplateTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Renders_paths_and_contents_and_copies_the_rest()
    {
        var id = await RunAsync("database", "{ url: ./skeleton, targetPath: out, values: { name: orders, owner: team-a }, copyWithoutTemplating: [raw] }");

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("completed");
        var listing = (await _client.GetMessagesAsync(id)).Single(m => m.StartsWith("Workspace:", StringComparison.Ordinal));
        listing.ShouldContain("out/README.md\n\nDatabase orders of team-a\n");
        listing.ShouldContain("out/docs/orders.md\n\norders\n");
        listing.ShouldContain("out/raw/kept.txt\n\n${{ values.name }}\n");
        listing.ShouldContain("out/logo.bin\n\n\0\u0001${{ values.name }}");
        listing.ShouldNotContain("left out");
    }

    [Theory]
    [InlineData("escape", "{ url: ./skeleton, values: { name: ../../.. } }", "a path inside the workspace")]
    [InlineData("database", "{ url: ./nothing }", "has nothing at")]
    [InlineData("database", "{ url: ./skeleton, targetPath: ../up }", "a path inside the workspace")]
    [InlineData("database", "{ url: ../../../../etc }", "it leads out of the repository")]
    [InlineData("database", "{ url: ./skeleton, templateFileExtension: true, cookiecutterCompat: true }", "not compatible")]
    public async Task Refuses_what_it_must_not_fetch(string directory, string input, string reason)
    {
        var id = await RunAsync(directory, input);

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldContain(reason);
    }

    private Task<string> RunAsync(string directory, string input)
    {
        var template = fixture.Platform.AddTemplate(
            $$"""
            metadata: { name: {{SampleTemplates.UniqueName("fetching")}} }
            spec:
              type: service
              steps:
                - { id: fetch, action: "fetch:template", input: {{input}} }
                - { id: list, action: "debug:log", input: { listWorkspace: with-contents } }
            """,
            fixture.Git.TemplateUrl(directory));
        return _client.CreateTaskAsync(template, new { });
    }
}
