using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using k8s;
using static DevPlatform.MockTools.Tests.Kubernetes.ClusterFixture;

namespace DevPlatform.MockTools.Tests.Kubernetes;

/// <summary>Own cluster per test: compaction and ends of watches concern everybody.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private const string Claims = $"apis/{Group}/{GroupVersion}/{Plural}";
    private readonly ClusterFixture _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_generic_client_sees_a_claim_come_change_and_go()
    {
        using var client = new GenericClient(_cluster.Client, Group, GroupVersion, Plural, disposeClient: false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _cluster.CreateClaimAsync("before");
        var seen = new List<string>();
        var watching = Task.Run(async () =>
        {
            await foreach (var (type, claim) in client.WatchNamespacedAsync<Claim>("team-orders", cancel: deadline.Token))
            {
                seen.Add($"{type} {claim.Metadata.Name}");
                if (type == WatchEventType.Deleted)
                {
                    break;
                }

                if (claim.Metadata.Name == "before")
                {
                    await _cluster.CreateClaimAsync("other", @namespace: "team-data");
                    await _cluster.CreateClaimAsync("watched");
                    await _cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync(
                        new k8s.Models.V1Patch(new { spec = new { size = "large" } }, k8s.Models.V1Patch.PatchType.MergePatch), Group, GroupVersion, "team-orders", Plural, "watched");
                    await _cluster.Client.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, GroupVersion, "team-orders", Plural, "watched");
                }
            }
        });
        await watching;

        seen.ShouldBe(["Added before", "Added watched", "Modified watched", "Deleted watched"]);
    }

    [Fact]
    public async Task A_watch_resumes_after_the_version_of_a_list_and_ends_with_a_bookmark()
    {
        await _cluster.CreateClaimAsync("listed");
        var version = await ListVersionAsync();
        await _cluster.CreateClaimAsync("later");

        var events = await EventsAsync($"{Claims}?watch=true&resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds=1");

        events[0].Type.ShouldBe("ADDED");
        events[0].Object["metadata"]!["name"]!.GetValue<string>().ShouldBe("later");
        events[^1].Type.ShouldBe("BOOKMARK");
        events[^1].Object["metadata"]!["resourceVersion"]!.GetValue<string>().ShouldBe(await ListVersionAsync());
    }

    [Fact]
    public async Task An_object_that_stops_matching_the_selector_leaves_the_watch()
    {
        var version = await ListVersionAsync();
        await _cluster.CreateClaimAsync("relabelled");
        foreach (var tier in (string[])["gold", "silver"])
        {
            await _cluster.Client.CustomObjects.PatchNamespacedCustomObjectAsync(
                new k8s.Models.V1Patch(new { metadata = new { labels = new { tier } } }, k8s.Models.V1Patch.PatchType.MergePatch), Group, GroupVersion, "team-orders", Plural, "relabelled");
        }

        var events = await EventsAsync($"{Claims}?watch=true&resourceVersion={version}&labelSelector=tier=gold&timeoutSeconds=1");

        events.Select(e => e.Type).ShouldBe(["ADDED", "DELETED"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_compaction_an_old_version_is_gone(bool asStatus)
    {
        var version = await ListVersionAsync();
        await _cluster.CreateClaimAsync("newer");
        await _cluster.Http.PostAsJsonAsync("__compact", new { goneAsStatus = asStatus });

        var response = await _cluster.Http.GetAsync($"{Claims}?watch=true&resourceVersion={version}");
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        response.StatusCode.ShouldBe(asStatus ? HttpStatusCode.Gone : HttpStatusCode.OK);
        var status = asStatus ? body : body["object"]!;
        status["code"]!.GetValue<int>().ShouldBe(410);
        status["reason"]!.GetValue<string>().ShouldBe("Expired");
        status["message"]!.GetValue<string>().ShouldStartWith($"too old resource version: {version} (");
    }

    [Fact]
    public async Task After_compaction_the_next_page_of_a_list_is_gone()
    {
        await _cluster.CreateClaimAsync("a");
        await _cluster.CreateClaimAsync("b");
        var page = await _cluster.Http.GetFromJsonAsync<JsonObject>($"{Claims}?limit=1");
        await _cluster.Http.PostAsJsonAsync("__compact", new { });

        var next = await _cluster.Http.GetAsync($"{Claims}?limit=1&continue={Uri.EscapeDataString(page!["metadata"]!["continue"]!.GetValue<string>())}");

        next.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_streamed_list_ends_its_initial_events_with_a_marked_bookmark()
    {
        await _cluster.CreateClaimAsync("there");

        var events = await EventsAsync($"{Claims}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1");

        events[0].Type.ShouldBe("ADDED");
        events[1].Type.ShouldBe("BOOKMARK");
        events[1].Object["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>().ShouldBe("true");
    }

    private async Task<string> ListVersionAsync() =>
        (await _cluster.Http.GetFromJsonAsync<JsonObject>(Claims))!["metadata"]!["resourceVersion"]!.GetValue<string>();

    private async Task<List<(string Type, JsonNode Object)>> EventsAsync(string url)
    {
        var text = await _cluster.Http.GetStringAsync(url);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).Select(e => (e["type"]!.GetValue<string>(), e["object"]!))];
    }
}
