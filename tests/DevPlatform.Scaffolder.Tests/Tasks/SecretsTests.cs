using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class SecretsTests(ScaffolderFixture fixture)
{
    private const string Canary = "canary-7f3a\"quoted\"-value";

    [Fact]
    public async Task A_secret_reaches_actions_but_no_row_and_no_log()
    {
        var client = fixture.Host.Client();
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: secretive }
            spec:
              type: service
              steps:
                - { id: leak, action: "debug:log", input: { message: "secret is ${{ secrets.pass }}" } }
                - { id: file, action: "catalog:write", input: { entity: { kind: X, value: "${{ secrets.pass }}" } } }
                - { id: check, if: "${{ secrets.pass }}", action: "debug:log", input: { message: the secret is known } }
                - { id: wait, action: "debug:wait", input: { seconds: 2 } }
                - { id: bad, action: "catalog:fetch", input: { entityRef: "component:default/${{ secrets.pass }}" } }
              output: { leaked: "${{ secrets.pass }}" }
            """);

        var id = await client.CreateTaskAsync(template, new { }, new { pass = Canary });
        await TaskClient.UntilAsync(
            async () => (await client.GetMessagesAsync(id)).Any(m => m.StartsWith("Waiting for", StringComparison.Ordinal)) ? "" : null,
            async () => string.Join("\n", await client.GetMessagesAsync(id)));
        (await fixture.DumpDatabaseAsync()).ShouldNotContain("canary-7f3a", customMessage: "while the task runs");
        await client.WaitForStatusAsync(id, "failed");

        var messages = await client.GetMessagesAsync(id);
        messages.ShouldContain("***");
        messages.ShouldNotContain("the secret is known", "conditions do not see secrets: whether a step ran would tell");
        string.Join('\n', messages).ShouldNotContain("canary-7f3a");
        (await fixture.DumpDatabaseAsync()).ShouldNotContain("canary-7f3a", customMessage: "after its end");
        fixture.Platform.Audit.Where(a => a.TaskId == id).ShouldAllBe(a => a.Reason == null || !a.Reason.Contains("canary-7f3a"));
    }
}
