using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;

namespace DevPlatform.Catalog.Tests.Providers;

[Collection(ExtendedCollection.Name)]
public sealed class GitHubTests(ExtendedPlatform platform) : IDisposable
{
    private readonly HttpClient _gitHub = new()
    {
        BaseAddress = platform.GitHub.BaseUrl,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "github-token"), UserAgent = { new ProductInfoHeaderValue("tests", null) } },
    };

    public void Dispose() => _gitHub.Dispose();

    [Fact]
    public async Task Every_catalog_file_of_an_organization_is_found_over_all_pages()
    {
        var alpha = await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-alpha"), "the first page", 60);
        var omega = await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-omega"), "the last page", 60);
        alpha.Relations().ShouldContain("ownedBy group:default/hub-team");
        var file = $"{platform.GitHub.BaseUrl}hub/omega/blob/main/services/x/catalog-info.yaml";
        omega.Annotation("backstage.io/managed-by-location").ShouldBe($"url:{file}");
        omega.Annotation("backstage.io/source-location").ShouldBe($"url:{platform.GitHub.BaseUrl}hub/omega/tree/main/services/x/");
        omega.Annotation("backstage.io/edit-url").ShouldBe(file.Replace("/blob/", "/edit/", StringComparison.Ordinal));
        (await platform.NamesAsync("entities?filter=kind=location,spec.target=" + Uri.EscapeDataString($"{platform.GitHub.BaseUrl}hub/zeta"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_shows_at_once_in_known_and_in_new_repositories()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-alpha"), "discovery", 60);
        platform.GitHub.Push("hub", "alpha", ("catalog-info.yaml", Yaml.All(Yaml.Group("hub-team"), Yaml.Component("hub-alpha", "hub-team", metadata: "  description: pushed\n"))));
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "hub-alpha"))!["metadata"]!["description"]?.ToString() == "pushed", "the push");

        platform.GitHub.Push("hub", "gamma", ("catalog-info.yaml", Yaml.Component("hub-gamma", "hub-team")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-gamma"), "the first catalog file of a repository");

        (await _gitHub.PostAsJsonAsync("api/v3/orgs/hub/repos", new { name = "new" })).EnsureSuccessStatusCode();
        platform.GitHub.Push("hub", "new", ("catalog-info.yaml", Yaml.Component("hub-new", "hub-team")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-new"), "a new repository");
    }

    [Fact]
    public async Task Asking_for_what_did_not_change_costs_nothing_and_a_spent_limit_is_waited_for()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-omega"), "discovery", 60);
        // What other rounds still had to fetch may fall into the first ones.
        await Eventually.HoldsAsync(async () =>
        {
            var before = await LimitAsync();
            await DiscoverAsync();
            return (await LimitAsync()).Used == before.Used;
        }, "a round that costs nothing", 60);

        platform.GitHub.Push("hub", "beta", ("docs/catalog-info.yaml", Yaml.Component("hub-beta-1", "hub-team")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-beta-1"), "beta");
        (await _gitHub.PostAsJsonAsync("__admin/rate-limit", new { remaining = 0, resetSeconds = 2 })).EnsureSuccessStatusCode();
        platform.GitHub.Push("hub", "zeta", ("catalog-info.yaml", Yaml.Component("hub-zeta", "hub-team")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-zeta"), "what was pushed while the limit was spent", 60);

        (await _gitHub.PostAsJsonAsync("__admin/rate-limit", new { retryAfterSeconds = 2 })).EnsureSuccessStatusCode();
        await WebhookTests.SendAsync(platform, "github", "repository", Repository("edited"));
        platform.GitHub.Push("hub", "beta", ("docs/catalog-info.yaml", Yaml.Component("hub-beta-2", "hub-team")));
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-beta-2"), "what was pushed during a pause", 60);
    }

    [Fact]
    public async Task What_was_found_stays_while_GitHub_is_down()
    {
        await Eventually.GetAsync(() => platform.EntityAsync("component", "hub-omega"), "discovery", 60);
        (await _gitHub.PutAsJsonAsync("__faults", new { path = "/", status = 503 })).EnsureSuccessStatusCode();
        try
        {
            await WebhookTests.SendAsync(platform, "github", "repository", Repository("archived"));
            await platform.RefreshAsync("component:default/hub-omega");
            var url = $"entities?filter=kind=component,metadata.name=hub-omega";
            (await platform.NamesAsync(url)).ShouldBe(["hub-omega"]);
        }
        finally
        {
            (await _gitHub.DeleteAsync("__faults")).EnsureSuccessStatusCode();
        }

        platform.GitHub.Push("hub", "omega", ("services/x/catalog-info.yaml", Yaml.Component("hub-omega", "hub-team", metadata: "  description: back\n")));
        await Eventually.HoldsAsync(async () => (await platform.EntityAsync("component", "hub-omega"))!["metadata"]!["description"]?.ToString() == "back", "what came after the outage", 60);
    }

    private static object Repository(string action) => new { action, repository = new { owner = new { login = "Hub" } }, unique = Guid.NewGuid() };

    /// <summary>Has the organization listed, and waits until it was: three pages, unchanged.</summary>
    private async Task DiscoverAsync()
    {
        var before = (await LimitAsync()).Unchanged;
        await Eventually.HoldsAsync(async () =>
        {
            await WebhookTests.SendAsync(platform, "github", "repository", Repository("edited"));
            return (await LimitAsync()).Unchanged >= before + 3;
        }, "a list of unchanged repositories");
    }

    private async Task<(int Used, int Unchanged)> LimitAsync()
    {
        var state = JsonNode.Parse(await _gitHub.GetStringAsync("api/v3/rate_limit"))!;
        return (state["rate"]!["used"]!.GetValue<int>(), state["unchanged"]!.GetValue<int>());
    }
}
