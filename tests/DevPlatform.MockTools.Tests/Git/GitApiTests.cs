using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;

namespace DevPlatform.MockTools.Tests.Git;

public sealed class GitApiTests(GitServerFixture server) : IClassFixture<GitServerFixture>
{
    private static readonly AuthenticationHeaderValue Portal = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("portal:portal")));

    [Fact]
    public async Task A_raw_file_has_an_etag_and_is_not_sent_twice()
    {
        var first = await server.Http.GetAsync("orders/orders-api/raw/branch/main/docs/index.md");
        using var again = new HttpRequestMessage(HttpMethod.Get, "orders/orders-api/raw/branch/main/docs/index.md");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        (await first.Content.ReadAsStringAsync()).ShouldBe("# Orders\n");
        (await server.Http.SendAsync(again)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_tree_lists_every_file_below_it()
    {
        var tree = await server.Http.GetFromJsonAsync<JsonObject>("api/v1/repos/orders/orders-api/git/trees/main?recursive=true");

        tree!["truncated"]!.GetValue<bool>().ShouldBeFalse();
        var files = tree["tree"]!.AsArray().ToDictionary(e => e!["path"]!.GetValue<string>(), e => e!);
        files["docs"]["type"]!.GetValue<string>().ShouldBe("tree");
        files["docs/index.md"]["mode"]!.GetValue<string>().ShouldBe("100644");
        files["docs/index.md"]["size"]!.GetValue<int>().ShouldBe(9);
    }

    [Fact]
    public async Task Creating_a_repository_needs_an_account_a_good_name_and_a_free_one()
    {
        (await server.Http.PostAsJsonAsync("api/v1/repos", new { org = "orders", name = "new" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await CreateAsync("../escape")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await CreateAsync("new")).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await CreateAsync("new")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var repositories = await server.Http.GetFromJsonAsync<JsonArray>("api/v1/orgs/orders/repos");
        repositories!.Select(r => r!["clone_url"]!.GetValue<string>()).ShouldContain($"{server.BaseUrl.AbsoluteUri}orders/new.git");

        Task<HttpResponseMessage> CreateAsync(string name)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/repos") { Content = JsonContent.Create(new { org = "orders", name }) };
            request.Headers.Authorization = Portal;
            return server.Http.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("orders/unknown/raw/branch/main/README.md")]
    [InlineData("orders/orders-api/raw/branch/unknown/README.md")]
    [InlineData("orders/orders-api/raw/branch/main/unknown.md")]
    [InlineData("orders/..%2forders-api/raw/branch/main/README.md")]
    [InlineData("api/v1/repos/orders/unknown/git/trees/main")]
    public async Task What_does_not_exist_is_404(string path) => (await server.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_second_start_keeps_the_repositories_and_moves_their_links_to_the_new_address()
    {
        using var files = new TemporaryDirectory();
        files.Write("seed/platform/catalog/all.yaml", "target: __GIT_BASE_URL__/orders\n");
        string[] settings = [$"--Git:Root={files["root"]}", $"--Git:Seed={files["seed"]}", "--Git:Users:ana=ana"];
        var (first, firstUrl) = await MockToolHost.StartAsync("git", settings);
        await GitCli.OkAsync(files.Path, "clone", "-q", firstUrl.AbsoluteUri.Replace("://", "://ana:ana@") + "platform/catalog.git", "clone");
        files.Write("clone/mine.txt", "mine\n");
        await GitCli.CommitAndPushAsync(files["clone"], "Mine");
        await first.DisposeAsync();

        var (second, secondUrl) = await MockToolHost.StartAsync("git", settings);
        await using (second)
        {
            using var http = new HttpClient { BaseAddress = secondUrl };
            (await http.GetStringAsync("platform/catalog/raw/branch/main/all.yaml")).ShouldBe($"target: {secondUrl.AbsoluteUri}orders\n");
            (await http.GetStringAsync("platform/catalog/raw/branch/main/mine.txt")).ShouldBe("mine\n");
        }
    }
}
