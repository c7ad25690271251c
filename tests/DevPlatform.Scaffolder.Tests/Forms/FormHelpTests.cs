using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Forms;

/// <summary>What forms and the template editor ask for: choices, and the documentation of the template language.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class FormHelpTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Theory]
    [InlineData("repositories", "existing")]
    [InlineData("branches", "main")]
    public async Task Choices_come_from_github_with_the_callers_token(string resource, string expected)
    {
        using var answer = await CompleteAsync("github", resource, OutsideTools.GitHubToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["results"]!.AsArray().ShouldContain(r => r!["id"]!.ToString() == expected);

        using var refused = await CompleteAsync("github", resource, "somebody-elses");
        ((int)refused.StatusCode).ShouldBeGreaterThanOrEqualTo(400, "the platform's own token must not answer for the caller");
    }

    [Theory]
    [InlineData("nowhere", "branches", "Unsupported provider: nowhere")]
    [InlineData("github", "nothing", "repositoriesWithOwner, repositories, branches, labels")]
    public async Task Unknown_choices_are_refused(string provider, string resource, string reason) =>
        (await CompleteAsync(provider, resource, OutsideTools.GitHubToken).ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(reason);

    [Fact]
    public async Task Every_filter_is_documented()
    {
        var extensions = (await _client.GetFromJsonAsync<JsonObject>("/api/scaffolder/v2/templating-extensions"))!;

        extensions["filters"]!.AsObject().Select(f => f.Key).ShouldBe(BackstageFilters.For(new HashSet<string>()).Keys, ignoreOrder: true);
        extensions["filters"]!.AsObject().ShouldAllBe(f => f.Value!["description"] != null && f.Value!["examples"]!.AsArray().Count > 0);
        extensions["globals"]!["functions"]!.AsObject().Select(f => f.Key).ShouldBe(["always", "failure"]);
    }

    private Task<HttpResponseMessage> CompleteAsync(string provider, string resource, string token) =>
        _client.PostAsJsonAsync($"/api/scaffolder/v2/autocomplete/{provider}/{resource}", new
        {
            token,
            context = new { host = fixture.Tools.GitHubUrl.Authority, owner = "acme", repository = "existing" },
        });
}
