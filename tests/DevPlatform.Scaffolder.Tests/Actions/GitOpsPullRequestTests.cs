using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Actions;

/// <summary>Commits that people merge: asked for by the step, or by the policy for what is provisioned.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class GitOpsPullRequestTests(ScaffolderFixture fixture) : IDisposable
{
    private readonly HttpClient _client = fixture.Host.Client();
    private readonly HttpClient _gitServer = new()
    {
        BaseAddress = new Uri(fixture.Git.BaseUrl, "api/v1/repos/platform/gitops/pulls/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("portal:portal-password"))) },
    };

    public void Dispose() => _gitServer.Dispose();

    [Theory]
    [InlineData("database", "pullRequest: true")]
    [InlineData("sensitive", "pullRequest: false")]
    public async Task The_task_follows_its_pull_request_until_it_is_merged(string provisions, string input)
    {
        var (id, name, url) = await StartAsync(provisions, input);
        fixture.Git.Read($"claims/team-orders/{name}/claim.yaml").ShouldBeNull("nobody has merged it");

        (await _gitServer.PostAsJsonAsync($"{url.Split('/')[^1]}/merge", new { })).IsSuccessStatusCode.ShouldBeTrue();
        var task = await _client.WaitForStatusAsync(id, "completed");

        fixture.Git.Read($"claims/team-orders/{name}/claim.yaml").ShouldNotBeNull();
        fixture.Git.Commits().ShouldContain(c => c.Sha == task["commit"]!.ToString(), "the merge is what the cluster will sync");
        fixture.Git.Commits().Single(c => c.Message.Contains($"Task-Id: {id}")).Author.Name.ShouldBe("Ana Example");
    }

    [Fact]
    public async Task A_closed_pull_request_fails_the_task()
    {
        var (id, name, url) = await StartAsync("database", "pullRequest: true");

        (await _gitServer.PatchAsJsonAsync(url.Split('/')[^1], new { state = "closed" })).IsSuccessStatusCode.ShouldBeTrue();
        await _client.WaitForStatusAsync(id, "failed");

        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldBe($"Pull request {url} was closed without being merged");
        fixture.Git.Read($"claims/team-orders/{name}/claim.yaml").ShouldBeNull();
    }

    private async Task<(string Id, string Name, string Url)> StartAsync(string provisions, string input)
    {
        var name = SampleTemplates.UniqueName("asked");
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database(SampleTemplates.UniqueName("by-pull-request"))
            .Replace("devplatform.io/provisions: database", $"devplatform.io/provisions: {provisions}", StringComparison.Ordinal)
            .Replace("message: Provision", $"{input}\n        message: Provision", StringComparison.Ordinal));
        var id = await _client.CreateTaskAsync(template, new { name, environment = "staging", owner = SampleTemplates.UniqueName("team") });
        const string Waiting = "Waiting for pull request ";
        var message = await TaskClient.UntilAsync(
            async () => (await _client.GetMessagesAsync(id)).FirstOrDefault(m => m.StartsWith(Waiting, StringComparison.Ordinal)),
            async () => string.Join('\n', await _client.GetMessagesAsync(id)));
        return (id, name, message[Waiting.Length..].Split(' ')[0]);
    }
}
