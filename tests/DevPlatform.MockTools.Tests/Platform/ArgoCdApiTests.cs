using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Tests.Support;

namespace DevPlatform.MockTools.Tests.Platform;

[Collection(MiniaturePlatformCollection.Name)]
public sealed class ArgoCdApiTests(MiniaturePlatform platform)
{
    [Fact]
    public async Task An_application_has_the_shape_of_the_published_api()
    {
        await platform.CommitClaimAsync("shape-db");
        await platform.ReadyAsync("shape-db");
        var application = await platform.ApplicationAsync("?refresh=normal");

        Golden.Matches("Platform/application.json", application);
        (await platform.ArgoCd.GetFromJsonAsync<JsonObject>("api/v1/applications"))!["items"]!.AsArray()
            .Select(a => a!["metadata"]!["name"]!.GetValue<string>()).ShouldBe(["platform-applications", "platform-claims"]);
        Golden.Matches("Platform/resource-tree.json", (await platform.ArgoCd.GetFromJsonAsync<JsonObject>("api/v1/applications/platform-claims/resource-tree"))!);
        var manifests = (await platform.ArgoCd.GetFromJsonAsync<JsonObject>("api/v1/applications/platform-claims/manifests"))!["manifests"]!.AsArray();
        manifests.Select(m => JsonNode.Parse(m!.GetValue<string>())!["kind"]!.GetValue<string>()).ShouldNotContain("Resource");
    }

    [Fact]
    public async Task A_claim_outside_the_schema_fails_the_sync_with_the_servers_message_until_it_is_corrected()
    {
        var commit = await platform.CommitClaimAsync("wrong-db", size: "huge");

        var failed = await Eventually.GetAsync(
            async () => await platform.ApplicationAsync() is { } found && found["status"]?["operationState"]?["phase"]?.GetValue<string>() == "Failed" ? found : null, "the sync fails");
        failed["status"]!["operationState"]!["message"]!.GetValue<string>().ShouldContain("Unsupported value: \"huge\"");
        failed["status"]!["sync"]!["status"]!.GetValue<string>().ShouldBe("OutOfSync");
        failed["status"]!["conditions"]!.AsArray().ShouldHaveSingleItem()!["message"]!.GetValue<string>().ShouldStartWith($"Failed last sync attempt to [{commit}]");

        await platform.CommitClaimAsync("wrong-db");
        await platform.ReadyAsync("wrong-db");
    }

    [Fact]
    public async Task A_file_that_is_no_manifest_is_a_comparison_error()
    {
        await platform.CommitAsync("Break it", clone => File.WriteAllText(Path.Combine(clone, "claims/broken.yaml"), "kind: [unclosed"));

        var broken = await Eventually.GetAsync(async () => await platform.ApplicationAsync() is { } found && found["status"]?["sync"]?["status"]?.GetValue<string>() == "Unknown" ? found : null, "the comparison fails");
        var condition = broken["status"]!["conditions"]!.AsArray().ShouldHaveSingleItem()!;
        condition["type"]!.GetValue<string>().ShouldBe("ComparisonError");
        condition["message"]!.GetValue<string>().ShouldContain("broken.yaml");

        await platform.CommitAsync("Mend it", clone => File.Delete(Path.Combine(clone, "claims/broken.yaml")));
        await Eventually.HoldsAsync(async () => (await platform.ApplicationAsync())["status"]!["sync"]!["status"]!.GetValue<string>() == "Synced", "it is mended");
    }

    [Fact]
    public async Task What_somebody_changes_in_the_cluster_is_set_right()
    {
        await platform.CommitClaimAsync("drift-db");
        await platform.ReadyAsync("drift-db");
        using var patch = new HttpRequestMessage(HttpMethod.Patch, "apis/platform.devplatform.io/v1alpha1/namespaces/team-orders/postgresqlinstances/drift-db")
        {
            Content = new StringContent("""{"spec":{"size":"large"}}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/merge-patch+json")),
        };
        (await platform.Cluster.SendAsync(patch)).EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(async () => (await platform.ClaimAsync("drift-db"))!["spec"]!["size"]!.GetValue<string>() == "small", "Argo CD heals the drift");
    }

    [Fact]
    public async Task A_sync_asked_for_is_done_in_the_callers_name()
    {
        var answer = await platform.ArgoCd.PostAsJsonAsync("api/v1/applications/platform-claims/sync", new { prune = false });
        answer.EnsureSuccessStatusCode();

        await Eventually.HoldsAsync(
            async () => (await platform.ApplicationAsync())["status"]?["operationState"]?["operation"]?["initiatedBy"]?["username"]?.GetValue<string>() == "portal", "the operation has run");
    }

    [Fact]
    public async Task Callers_without_a_session_are_401_and_unknown_applications_look_forbidden()
    {
        using var stranger = new HttpClient { BaseAddress = platform.ArgoCd.BaseAddress };
        var anonymous = await stranger.GetAsync("api/v1/applications");
        var unknown = await platform.ArgoCd.GetAsync("api/v1/applications/nothing");
        var named = await platform.ArgoCd.GetAsync("api/v1/applications/nothing?project=default");

        anonymous.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await anonymous.Content.ReadAsStringAsync()).ShouldBe("""{"error":"no session information","code":16,"message":"no session information","details":[]}""");
        unknown.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await unknown.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<int>().ShouldBe(7);
        named.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_local_account_signs_in_with_its_password()
    {
        using var client = new HttpClient { BaseAddress = platform.ArgoCd.BaseAddress };
        (await client.PostAsJsonAsync("api/v1/session", new { username = "admin", password = "guess" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var session = await client.PostAsJsonAsync("api/v1/session", new { username = "admin", password = "admin" });
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await session.Content.ReadFromJsonAsync<JsonObject>())!["token"]!.GetValue<string>());

        (await client.GetFromJsonAsync<JsonObject>("api/v1/session/userinfo"))!["username"]!.GetValue<string>().ShouldBe("admin");
        (await client.GetAsync("api/v1/applications")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetFromJsonAsync<JsonObject>("api/version"))!["Version"]!.GetValue<string>().ShouldStartWith("v3.5");
    }

    [Fact]
    public async Task The_stream_begins_with_what_is_there()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var response = await platform.ArgoCd.GetAsync("api/v1/stream/applications", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(deadline.Token));

        var frame = JsonNode.Parse((await reader.ReadLineAsync(deadline.Token))!)!["result"]!;

        frame["type"]!.GetValue<string>().ShouldBe("ADDED");
        frame["application"]!["metadata"]!["name"]!.GetValue<string>().ShouldBe("platform-applications");
    }
}
