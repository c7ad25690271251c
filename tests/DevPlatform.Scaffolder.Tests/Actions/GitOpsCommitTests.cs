using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class GitOpsCommitTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task Commits_the_claim_as_the_acting_user_with_trailers()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("committing", "- { id: show, action: \"debug:log\", input: { message: \"${{ steps.commit.output.catalogInfoUrl }}\" } }"));
        var name = SampleTemplates.UniqueName("orders");

        var id = await _client.CreateTaskAsync(template, new { name, environment = "staging", owner = "group:default/team-a" });
        var task = await _client.WaitForStatusAsync(id, "completed");

        var commit = fixture.Git.Commits().Single(c => c.Message.Contains(id));
        task["commit"]!.ToString().ShouldBe(commit.Sha);
        commit.Author.Name.ShouldBe("Ana Example");
        commit.Author.Email.ShouldBe("ana@example.com");
        commit.Committer.Name.ShouldBe("DevPlatform");
        commit.Message.ShouldBe(
            $"""
            Provision database {name}

            Template: template:default/committing
            Template-Version: 1.2.3
            Task-Id: {id}
            Step-Id: commit
            Requested-by: user:default/ana
            Signed-off-by: Ana Example <ana@example.com>

            """.ReplaceLineEndings("\n"));
        (await _client.GetMessagesAsync(id)).ShouldContain($"{fixture.Git.BaseUrl}platform/gitops/src/branch/main/claims/team-orders/{name}/catalog-info.yaml");

        var claim = Yaml.Parse(fixture.Git.Read($"claims/team-orders/{name}/claim.yaml")!);
        claim["metadata"]!["labels"]!["platform.devplatform.io/entity"]!.ToString().ShouldBe($"resource.default.{name}");
        claim["spec"]!.ToJsonString().ShouldBe(
            """{"size":"small","storage":"10Gi","environment":"staging","replicas":2,"backup":"daily","writeConnectionSecretToRef":{"name":"NAME-connection"}}"""
                .Replace("NAME", name, StringComparison.Ordinal));
        var entity = Yaml.Parse(fixture.Git.Read($"claims/team-orders/{name}/catalog-info.yaml")!);
        entity["spec"]!.ToJsonString().ShouldBe("""{"type":"database","owner":"group:default/team-a"}""");
        entity["metadata"]!["annotations"]!["devplatform.io/claim"]!.ToString().ShouldBe($"team-orders/{name}");
        fixture.Git.Read($"claims/team-orders/{name}/external-secret.yaml")!.ShouldContain($"path: database/creds/team-orders-{name}-write");
    }

    [Fact]
    public async Task Tasks_that_commit_at_once_lose_nobodys_commit()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("at-once"));
        // Two replicas: between them only Git itself decides who comes first.
        await using var second = await fixture.StartHostAsync();
        fixture.Git.LogUpdates();
        var names = Enumerable.Range(0, 20).Select(i => SampleTemplates.UniqueName($"db{i}")).ToList();

        var ids = await Task.WhenAll(names.Select((name, i) => (i % 2 == 0 ? _client : second.Client())
            .CreateTaskAsync(template, new { name, environment = "staging", owner = SampleTemplates.UniqueName("team") })));
        foreach (var id in ids)
        {
            await _client.WaitForStatusAsync(id, "completed");
        }

        var commits = fixture.Git.Commits();
        ids.ShouldAllBe(id => commits.Count(c => c.Message.Contains(id)) == 1);
        names.ShouldAllBe(name => fixture.Git.Read($"claims/team-orders/{name}/claim.yaml") != null);
        // Each push of the branch was one commit on top of what was there: none was forced.
        var updates = fixture.Git.UpdatesOnTop();
        updates.Count.ShouldBeGreaterThanOrEqualTo(20);
        updates.ShouldAllBe(onTop => onTop);
    }

    [Theory]
    [InlineData("claims/other/taken", "which belongs to resource:default/taken")]
    [InlineData("claims/other/taken/below", "which belongs to resource:default/taken")]
    [InlineData("../outside", "a directory inside the repository")]
    [InlineData(".git/hooks", "a directory inside the repository")]
    public async Task Refuses_a_path_that_is_not_its_own(string path, string reason)
    {
        var before = fixture.Git.Commits().Count(c => c.Message.Contains("Provision database intruder"));
        var template = fixture.Platform.AddTemplate(
            SampleTemplates.Database("intruding").Replace("claims/team-orders/${{ parameters.name }}", path, StringComparison.Ordinal));

        var id = await _client.CreateTaskAsync(template, new { name = SampleTemplates.UniqueName("intruder"), environment = "staging", owner = SampleTemplates.UniqueName("team") });

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldContain(reason);
        fixture.Git.Commits().Count(c => c.Message.Contains("Provision database intruder")).ShouldBe(before);
    }

    [Fact]
    public async Task Publishes_nothing_that_leaves_the_golden_path()
    {
        var template = fixture.Platform.AddTemplate(
            """
            metadata: { name: off-path }
            spec:
              type: service
              steps:
                - { id: write, action: "catalog:write", input: { filePath: pod.yaml, entity: { kind: Pod, image: "nginx:latest" } } }
                - { id: commit, action: "gitops:commit", input: { targetPath: apps/off-path, message: Off the path } }
            """);

        var id = await _client.CreateTaskAsync(template, new { });

        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldContain("pod.yaml:2 uses an image tagged \"latest\"");
        fixture.Git.Read("apps/off-path/pod.yaml").ShouldBeNull();
    }
}
