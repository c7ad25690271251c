using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class PublishTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task A_new_repository_on_the_git_server_has_one_commit_of_the_acting_user()
    {
        var name = SampleTemplates.UniqueName("service");
        var url = $"{fixture.Git.BaseUrl}services/{name}.git";

        var (id, output) = await PublishAsync("publish:git", $$"""{ repoUrl: "{{url}}", gitCommitMessage: "Add {{name}}" }""");

        output["remoteUrl"]!.ToString().ShouldBe(url);
        var commit = fixture.Git.Commits($"services/{name}").ShouldHaveSingleItem();
        commit.Sha.ShouldBe(output["commitHash"]!.ToString());
        commit.Message.ShouldStartWith($"Add {name}\n\n");
        commit.Message.ShouldContain($"Task-Id: {id}");
        commit.Author.Name.ShouldBe("Ana Example");
        fixture.Git.Read("made.yaml", $"services/{name}").ShouldNotBeNull();
        (await FailAsync("publish:git", $$"""{ repoUrl: "{{url}}" }""")).ShouldContain("exists already");
    }

    [Fact]
    public async Task A_new_repository_on_github_is_set_up_as_asked()
    {
        var name = SampleTemplates.UniqueName("service");

        var (id, output) = await PublishAsync(
            "publish:github",
            $$"""{ repoUrl: "{{fixture.Tools.RepoUrl(name)}}", defaultBranch: main, topics: [Orders], collaborators: [{ team: team-a, access: push }, { user: bo, access: admin }], requiredApprovingReviewCount: 2 }""");

        output["remoteUrl"]!.ToString().ShouldBe($"{fixture.Tools.GitHubUrl}acme/{name}.git");
        output["repoContentsUrl"]!.ToString().ShouldBe($"{fixture.Tools.GitHubUrl}acme/{name}/blob/main");
        fixture.Tools.ReadGitHub(name, "main", "made.yaml").ShouldNotBeNull();
        (await _client.GetTaskAsync(id))["commit"]!.ToString().ShouldBe(output["commitHash"]!.ToString());
        using var gitHub = new HttpClient();
        var settings = (await gitHub.GetFromJsonAsync<JsonObject>($"{fixture.Tools.GitHubUrl}__admin/settings"))!;
        settings[$"/repos/acme/{name}/topics"]!["names"]!.ToJsonString().ShouldBe("""["orders"]""");
        settings[$"/repos/acme/{name}/branches/main/protection"]!["required_pull_request_reviews"]!["required_approving_review_count"]!.GetValue<int>().ShouldBe(2);
        settings[$"/repos/acme/{name}/collaborators/bo"]!["permission"]!.ToString().ShouldBe("admin");
        settings[$"/orgs/acme/teams/team-a/repos/acme/{name}"]!["permission"]!.ToString().ShouldBe("push");
    }

    [Fact]
    public async Task A_pull_request_holds_the_workspace_on_a_branch_of_its_own()
    {
        var branch = SampleTemplates.UniqueName("add-docs");

        var (_, output) = await PublishAsync(
            "publish:github:pull-request",
            $$"""{ repoUrl: "{{fixture.Tools.RepoUrl("existing")}}", branchName: {{branch}}, title: Add docs, description: By a template, targetPath: docs, reviewers: [bo], assignees: [cy] }""");

        output["targetBranchName"]!.ToString().ShouldBe("main");
        fixture.Tools.ReadGitHub("existing", branch, "docs/made.yaml").ShouldNotBeNull();
        fixture.Tools.ReadGitHub("existing", "main", "docs/made.yaml").ShouldBeNull();
        using var gitHub = new HttpClient();
        gitHub.DefaultRequestHeaders.Add("User-Agent", "tests");
        gitHub.DefaultRequestHeaders.Add("Authorization", $"Bearer {OutsideTools.GitHubToken}");
        var pull = (await gitHub.GetFromJsonAsync<JsonObject>($"{fixture.Tools.GitHubUrl}api/v3/repos/acme/existing/pulls/{output["pullRequestNumber"]}"))!;
        pull["title"]!.ToString().ShouldBe("Add docs");
        pull["requested_reviewers"]![0]!["login"]!.ToString().ShouldBe("bo");
        pull["assignees"]![0]!["login"]!.ToString().ShouldBe("cy");
    }

    [Theory]
    [InlineData("publish:github", "repoUrl: \"GITHUB?owner=other&repo=x\"", "\"repoUrl\" is not allowed")]
    [InlineData("publish:github", "repoUrl: \"github.evil.example?owner=acme&repo=x\"", "\"repoUrl\" is not allowed")]
    [InlineData("publish:github", "repoUrl: \"GITHUB?owner=acme&repo=..%2Fx\"", "as a RepoUrlPicker gives it")]
    [InlineData("publish:github:pull-request", "repoUrl: \"GITHUB?owner=acme&repo=nowhere\", branchName: b, title: t, description: d", "GitHub has no such thing")]
    [InlineData("publish:github:pull-request", "repoUrl: \"GITHUB?owner=acme&repo=existing\", branchName: main, title: t, description: d", "a branch other than the target")]
    [InlineData("publish:git", "repoUrl: \"GITplatform/templates.git\"", "\"repoUrl\" is not allowed")]
    [InlineData("publish:git", "repoUrl: \"https://elsewhere.example.com/a/b.git\"", "\"repoUrl\" is not allowed")]
    [InlineData("gitops:commit", "repoUrl: \"GITplatform/templates.git\", targetPath: x, message: m", "\"repoUrl\" is not allowed")]
    public async Task Publishes_nowhere_else(string action, string input, string reason) =>
        (await FailAsync(action, "{ " + input.Replace("GITHUB", fixture.Tools.GitHubUrl.Authority, StringComparison.Ordinal).Replace("GITplatform", $"{fixture.Git.BaseUrl}platform", StringComparison.Ordinal) + " }"))
            .ShouldContain(reason);

    private async Task<(string Id, JsonNode Output)> PublishAsync(string action, string input)
    {
        var id = await StartAsync(action, input);
        await _client.WaitForStatusAsync(id, "completed");
        return (id, (await _client.GetCompletionAsync(id))["output"]!["result"]!);
    }

    private async Task<string> FailAsync(string action, string input)
    {
        var id = await StartAsync(action, input);
        (await _client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        return (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString();
    }

    private Task<string> StartAsync(string action, string input) => _client.CreateTaskAsync(
        fixture.Platform.AddTemplate(
            $$$"""
            metadata: { name: {{{SampleTemplates.UniqueName("publishing")}}} }
            spec:
              type: service
              steps:
                - { action: "catalog:write", input: { filePath: made.yaml, entity: { kind: Made } } }
                - { id: publish, action: "{{{action}}}", input: {{{input}}} }
              output: { result: "${{ steps.publish.output }}" }
            """),
        new { });
}
