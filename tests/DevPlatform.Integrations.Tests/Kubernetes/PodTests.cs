using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DevPlatform.Integrations.Tests.Support;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;

namespace DevPlatform.Integrations.Tests.Kubernetes;

[Collection(IntegrationsCollection.Name)]
public sealed class PodTests(IntegrationsPlatform platform) : IAsyncLifetime
{
    private const string Proxy = "/api/kubernetes/proxy";

    public Task InitializeAsync() => Shop.DeployAsync(platform);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Gives_the_log_of_an_entitys_pod_as_text_and_remembers_who_read_it()
    {
        // A cluster that failed a moment ago, in another test, is left alone for some seconds.
        var answer = await Eventually.GetAsync(() => GetAsync("developer", Log("shop", "shop-1", "?container=service")), answer => answer.IsSuccessStatusCode);

        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe($"GET /?q={Shop.Script} 404\n");
        await Eventually.GetAsync(
            () => platform.Client("auditor").GetStringAsync("/api/identity/audit?action=kubernetes.pods.logs&resource=component:default/shop"),
            trail => trail.Contains("default/shop/shop-1/service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gives_the_events_of_an_entitys_pod()
    {
        var answer = await Eventually.GetAsync(
            () => GetAsync("developer", $"{Proxy}/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=shop-1"), answer => answer.IsSuccessStatusCode);

        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["items"]![0]!["reason"]!.GetValue<string>().ShouldBe("Started");
    }

    [Theory]
    [InlineData("developer", "others", "basket-1", HttpStatusCode.OK)]
    [InlineData("developer", "others", "basket-2", HttpStatusCode.NotFound)]
    [InlineData("developer", "others", "basket-3", HttpStatusCode.NotFound)]
    [InlineData("developer", "others", "nobodys", HttpStatusCode.NotFound)]
    [InlineData("developer", "others", "there-is-none", HttpStatusCode.NotFound)]
    [InlineData("developer", "shop-staging", "shop-1", HttpStatusCode.NotFound)]
    [InlineData("developer", "shop-staging", "shop-2", HttpStatusCode.NotFound)]
    [InlineData("developer", "others", "shop-of-others-1", HttpStatusCode.Forbidden)]
    [InlineData("sre-approver", "others", "shop-of-others-1", HttpStatusCode.OK)]
    [InlineData("auditor", "shop", "shop-1", HttpStatusCode.Forbidden)]
    [InlineData("ceiling-denied", "shop", "shop-1", HttpStatusCode.Forbidden)]
    public async Task Only_pods_of_entities_whose_logs_the_caller_may_read(string account, string home, string pod, HttpStatusCode expected)
    {
        var answer = await Eventually.GetAsync(() => GetAsync(account, Log(home, pod)), answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);

        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_gets_nothing() =>
        (await platform.Client().GetAsync(Log("shop", "shop-1"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    public static TheoryData<string, string> Tricks => new()
    {
        { "DELETE", "/api/v1/namespaces/shop/pods/shop-1" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1" },
        { "GET", "/api/v1/namespaces/shop/pods" },
        { "GET", "/api/v1/namespaces/shop/secrets/shop" },
        { "GET", "/api/v1/secrets" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/exec?command=sh&stdin=true" },
        { "POST", "/api/v1/namespaces/shop/pods/shop-1/exec?command=sh" },
        { "POST", "/api/v1/namespaces/shop/pods/shop-1/log" },
        { "PUT", "/api/v1/namespaces/shop/pods/shop-1/log" },
        { "PATCH", "/api/v1/namespaces/shop/events" },
        { "POST", "/api/v1/namespaces/shop/pods/shop-1/portforward" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log/../../../secrets/shop" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1%2F..%2F..%2Fsecrets%2Fshop/log" },
        { "GET", "/api/v1/namespaces/shop/pods/..%2F..%2F..%2F..%2Fapi%2Fv1%2Fsecrets%3F/log" },
        { "GET", "/api/v1/namespaces/shop/pods/%2e%2e/log" },
        { "GET", "/api/v1/namespaces/shop%2Fsecrets%2Fshop%3F/pods/shop-1/log" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1%3Fx=/log" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1%23/log" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1%00/log" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1%0A/log" },
        { "GET", "/api/v1/namespaces/shop/pods/SHOP-1/log" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log?follow=true" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log?container=service%26follow%3Dtrue" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log?container=service&container=other" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log?container=other" },
        { "GET", "/api/v1/namespaces/shop/pods/shop-1/log?previous=" },
        { "GET", "/api/v1/namespaces/shop/events" },
        { "GET", "/api/v1/namespaces/shop/events?fieldSelector=" },
        { "GET", "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name!=shop-1" },
        { "GET", "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=shop-1,reason=Started" },
        { "GET", "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=shop-1&watch=true" },
        { "GET", "/api/v1/namespaces/others/events?fieldSelector=involvedObject.name=nobodys" },
        { "GET", "/api/v1/namespaces/others/events?fieldSelector=involvedObject.name=shop-1" },
        { "GET", "//api/v1/namespaces/shop/pods/shop-1/log" },
        { "GET", "/apis/apps/v1/namespaces/shop/deployments" },
        { "GET", "/version" },
        { "GET", "" },
        { "GET", "/http://169.254.169.254/latest/meta-data" },
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task Nothing_else_goes_through(string method, string path)
    {
        var answer = await Eventually.GetAsync(async () =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(platform.BaseUrl, $"{Proxy}{path}"));
            request.Headers.Add("Backstage-Kubernetes-Cluster", "default");
            return await platform.Client("platform-admin").SendAsync(request);
        }, answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);

        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
        text.ShouldNotContain("canary-in");
        using var cluster = platform.ClusterClient();
        (await cluster.GetAsync("api/v1/namespaces/shop/pods/shop-1")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_shell_is_refused_in_words()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/api/v1/namespaces/shop/pods/shop-1/exec?command=sh");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");

        var answer = await platform.Client("platform-admin").SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("only reads from clusters");
    }

    [Fact]
    public async Task A_cluster_that_is_not_configured_is_not_asked()
    {
        var answer = await GetAsync("developer", Log("shop", "shop-1"), "http://169.254.169.254");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("there are: default, another");
    }

    [Theory]
    [InlineData("another", "shop-in-another", HttpStatusCode.OK)]
    [InlineData("default", "shop-in-another", HttpStatusCode.NotFound)]
    [InlineData("another", "shop-1", HttpStatusCode.NotFound)]
    public async Task A_pod_is_looked_for_in_the_cluster_that_is_named(string cluster, string pod, HttpStatusCode expected)
    {
        var answer = await Eventually.GetAsync(
            () => GetAsync("developer", Log("shop", pod), cluster), answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);

        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Of_several_clusters_one_must_be_named() =>
        (await platform.Client("developer").GetAsync(Log("shop", "shop-1"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Whatever_is_asked_for_gets_nothing_and_fails_nothing()
    {
        var client = platform.Client("platform-admin");
        string[] parts =
        [
            "api", "apis", "v1", "namespaces", "shop", "pods", "shop-1", "log", "events", "secrets", "exec", "..", "%2e%2e", "%2F", "%5C", "%00", "%0d%0a", "%EF%BC%8F", "a%20b", "?",
            "?watch=true", "?container=", "?fieldSelector=", "&", ";", "%3B", "#", "*", "", "ü",
        ];
        var paths = Gen.Int[0, parts.Length - 1].Array[1, 10].Select(chosen => string.Join("/", chosen.Select(i => parts[i]))).Array[300].Single();

        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Proxy}/{path}");
            request.Headers.Add("Backstage-Kubernetes-Cluster", "default");
            using var answer = await client.SendAsync(request);
            var allowed = path.EndsWith("api/v1/namespaces/shop/pods/shop-1/log", StringComparison.Ordinal);
            ((int)answer.StatusCode).ShouldBeOneOf(allowed ? [200, 403, 404, 503] : [400, 403, 404, 503], path);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("canary-in", Case.Sensitive, path);
        }
    }

    [Fact]
    public async Task A_huge_log_is_cut()
    {
        await Shop.PodAsync(platform, "shop", "shop-huge", "backstage.io/kubernetes-id: shop", new string('x', 5_000), repeat: 20_000);

        var answer = await Eventually.GetAsync(() => GetAsync("developer", Log("shop", "shop-huge")), answer => answer.IsSuccessStatusCode);

        (await answer.Content.ReadAsByteArrayAsync()).Length.ShouldBe(1024 * 1024);
        using var cluster = platform.ClusterClient();
        (await cluster.DeleteAsync("api/v1/namespaces/shop/pods/shop-huge")).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_cluster_that_is_down_is_told_as_such()
    {
        await using (await platform.WithClusterFaultAsync(new FaultRule("/api", Drop: true)))
        {
            var answer = await GetAsync("developer", Log("shop", "shop-1"));

            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("cluster default does not answer");
        }
    }

    private static string Log(string home, string pod, string query = "") => $"{Proxy}/api/v1/namespaces/{home}/pods/{pod}/log{query}";

    private async Task<HttpResponseMessage> GetAsync(string account, string path, string cluster = "default")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Backstage-Kubernetes-Cluster", cluster);
        // A browser that was given a credential for a cluster would send it; it is nothing to us.
        request.Headers.Add("Backstage-Kubernetes-Authorization", "Bearer argocd-token");
        return await platform.Client(account).SendAsync(request);
    }
}
