using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class WaitReadyTests(ScaffolderFixture fixture)
{
    private const string Follow =
        """
        - { id: register, action: "catalog:register", input: { catalogInfoUrl: "${{ steps.commit.output.catalogInfoUrl }}" } }
        - { id: ready, action: "platform:wait-ready", input: { entityRef: "${{ steps.claim.output.entityRef }}", argocdApplication: "${{ parameters.name }}" } }
        """;

    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Follows_the_commit_to_a_ready_entity()
    {
        var (id, name) = await StartAsync();
        await WaitForMessageAsync(id, $"Argo CD application {name}: OutOfSync, Missing");
        SetArgoCd(name, new ArgoCdApplicationStatus(name, true, "Synced", "Progressing", fixture.Git.Commits()[0].Sha, fixture.Git.Commits()[0].Sha));
        await WaitForMessageAsync(id, $"resource:default/{name} is without a state yet");
        fixture.Platform.States[$"resource:default/{name}"] = ("Provisioning", "Creating");
        await WaitForMessageAsync(id, $"resource:default/{name} is Provisioning: Creating");
        fixture.Platform.States[$"resource:default/{name}"] = ("Ready", "Available");

        await _client.WaitForStatusAsync(id, "completed");

        fixture.Platform.Registrations.ShouldContain(r => r.TaskId == id && r.Target.EndsWith($"/claims/team-orders/{name}/catalog-info.yaml"));
    }

    [Fact]
    public async Task Fails_with_the_operators_message()
    {
        var (id, name) = await StartAsync();
        await WaitForMessageAsync(id, $"Argo CD application {name}: OutOfSync, Missing");
        SetArgoCd(name, new ArgoCdApplicationStatus(name, true, "Synced", "Healthy", fixture.Git.Commits()[0].Sha, fixture.Git.Commits()[0].Sha));
        fixture.Platform.States[$"resource:default/{name}"] = ("Failed", "storage class is missing");

        await _client.WaitForStatusAsync(id, "failed");

        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldBe($"resource:default/{name} failed: storage class is missing");
    }

    private async Task<(string Id, string Name)> StartAsync()
    {
        var name = SampleTemplates.UniqueName("ready");
        SetArgoCd(name, new ArgoCdApplicationStatus(name, true, "OutOfSync", "Missing"));
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("following", Follow));
        return (await _client.CreateTaskAsync(template, new { name, environment = "staging", owner = SampleTemplates.UniqueName("team") }), name);
    }

    private void SetArgoCd(string application, ArgoCdApplicationStatus status)
    {
        var others = fixture.Platform.ArgoCd;
        fixture.Platform.ArgoCd = name => name == application ? status : others(name);
    }

    private Task<string> WaitForMessageAsync(string id, string message) => TaskClient.UntilAsync(
        async () => (await _client.GetMessagesAsync(id)).Contains(message) ? "" : null,
        async () => $"no \"{message}\" in\n{string.Join("\n", await _client.GetMessagesAsync(id))}");
}
