using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Integrations.Tests.Support;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;

namespace DevPlatform.Integrations.Tests.Kubernetes;

[Collection(IntegrationsCollection.Name)]
public sealed class WorkloadTests(IntegrationsPlatform platform) : IAsyncLifetime
{
    private const string Workloads = "/api/kubernetes/resources/workloads/query";
    private const string Custom = "/api/kubernetes/resources/custom/query";

    public Task InitializeAsync() => Shop.DeployAsync(platform);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Lists_the_clusters()
    {
        var clusters = (await platform.Client("developer").GetFromJsonAsync<JsonObject>("/api/kubernetes/clusters"))!["items"]!.AsArray();

        clusters.Select(cluster => cluster!.ToJsonString()).ShouldBe(
        [
            """{"name":"default","authProvider":"serviceAccount"}""", """{"name":"another","title":"Another cluster","authProvider":"serviceAccount"}""",
        ]);
    }

    [Fact]
    public async Task Shows_an_entitys_objects_by_id_and_namespace_without_what_is_nobodys_business()
    {
        var answer = await platform.Client("developer").PostAsJsonAsync("/api/kubernetes/services/shop", new
        {
            // The catalog's annotations count, not those of whoever asks.
            entity = new { apiVersion = "backstage.io/v1alpha1", kind = "Component", metadata = new { name = "shop", annotations = new Dictionary<string, string> { ["backstage.io/kubernetes-id"] = "nobodys" } } },
            auth = new { },
        });

        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        var shown = JsonNode.Parse(text)!;
        Errors(shown).ShouldBeEmpty();
        Shop.Names(shown, "pods").ShouldBe(["shop-1"]);
        Shop.Names(shown, "deployments").ShouldBe(["shop"]);
        Shop.Names(shown, "configmaps").ShouldBe(["shop"]);
        Shop.Names(shown, "customresources").ShouldBe(["shop"]);
        Types(shown).ShouldBe(
        [
            "pods", "services", "configmaps", "limitranges", "resourcequotas", "deployments", "replicasets", "statefulsets", "daemonsets",
            "horizontalpodautoscalers", "jobs", "cronjobs", "ingresses", "customresources", "customresources",
        ]);
        text.ShouldContain("\"connection\":\"***\"");
        text.ShouldNotContain("canary-in");
        text.ShouldNotContain("managedFields");
        text.ShouldNotContain("last-applied");
    }

    [Fact]
    public async Task Tells_what_pods_use()
    {
        var usage = (await AskAsync("developer", "shop"))["items"]![0]!["podMetrics"]!.AsArray().ShouldHaveSingleItem()!;

        usage["pod"]!["metadata"]!.ToJsonString().ShouldBe("""{"name":"shop-1","namespace":"shop"}""");
        usage["cpu"]!.ToJsonString().ShouldBe("""{"currentUsage":0.025,"requestTotal":0.1,"limitTotal":0}""");
        usage["memory"]!.ToJsonString().ShouldBe("""{"currentUsage":"67108864","requestTotal":"134217728","limitTotal":"268435456"}""");
        usage["containers"]![0]!["container"]!.GetValue<string>().ShouldBe("service");
    }

    [Fact]
    public async Task Selects_by_labels_in_every_namespace_and_cluster_where_an_entity_says_so() =>
        Shop.Names(await AskAsync("developer", "by-selector"), "pods").ShouldBe(["basket-1", "basket-in-another"]);

    [Fact]
    public async Task Looks_only_into_the_cluster_that_an_entity_names()
    {
        var shown = await AskAsync("developer", "in-another-cluster");

        Shop.Names(shown, "pods").ShouldBe(["shop-in-another"]);
        shown["items"]!.AsArray().ShouldHaveSingleItem()!["cluster"]!["title"]!.GetValue<string>().ShouldBe("Another cluster");
    }

    [Fact]
    public async Task Shows_nothing_of_what_has_no_objects() => (await AskAsync("developer", "elsewhere"))["items"]!.AsArray().ShouldBeEmpty();

    [Fact]
    public async Task One_cluster_that_is_down_leaves_the_others()
    {
        await using (await platform.WithClusterFaultAsync(new FaultRule("/api", Drop: true), platform.OtherCluster))
        {
            var shown = await Eventually.GetAsync(() => AskAsync("developer", "by-selector"), answer => Shop.Names(answer, "pods").Contains("basket-1"));

            Errors(shown).ShouldHaveSingleItem().ShouldContain("another");
        }

        await Eventually.BeAsync(async () => !Errors(await AskAsync("developer", "by-selector")).Any(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_selector_where_the_page_shows_it()
    {
        var shown = await AskAsync("developer", "unreadable-selector");

        Shop.Names(shown, "pods").ShouldBeEmpty();
        Errors(shown).Count().ShouldBe(2);
        Errors(shown).ShouldAllBe(error => error.Contains("app in (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reads_custom_resources_of_allowed_kinds()
    {
        var applications = await platform.Client("developer").PostAsJsonAsync(Custom, CustomQuery("shop", new { group = "argoproj.io", apiVersion = "v1alpha1", plural = "applications" }));
        var shown = (await applications.Content.ReadFromJsonAsync<JsonObject>())!;
        Shop.Names(shown, "customresources").ShouldBe(["shop"]);
        shown["items"]![0]!["resources"]![0]!["resources"]![0]!["kind"]!.GetValue<string>().ShouldBe("Application");

        // The cluster does not have this kind, which is nobody's fault.
        var rollouts = await platform.Client("developer").PostAsJsonAsync(Custom, CustomQuery("shop", new { group = "argoproj.io", apiVersion = "v1alpha1", plural = "rollouts" }));
        (await rollouts.Content.ReadFromJsonAsync<JsonObject>())!["items"]!.AsArray().ShouldBeEmpty();
    }

    public static TheoryData<string, string> BadQueries => new()
    {
        { Custom, """{"entityRef":"component:default/shop","customResources":[{"group":"","apiVersion":"v1","plural":"secrets"}]}""" },
        { Custom, """{"entityRef":"component:default/shop","customResources":[{"group":"argoproj.io","apiVersion":"v1alpha1","plural":"applications/../../../../api/v1/secrets"}]}""" },
        { Custom, """{"entityRef":"component:default/shop","customResources":[null]}""" },
        { Custom, """{"entityRef":"component:default/shop","customResources":[]}""" },
        { Custom, """{"entityRef":"component:default/shop"}""" },
        { Workloads, "{}" },
        { Workloads, """{"entityRef":"shop"}""" },
        { Workloads, """{"entityRef":7}""" },
        { Workloads, "" },
        { Workloads, "null" },
        { "/api/kubernetes/services/shop", "{}" },
        { "/api/kubernetes/services/shop", """{"entity":{"kind":"Component"}}""" },
    };

    [Theory]
    [MemberData(nameof(BadQueries))]
    public async Task Refuses_what_it_cannot_understand(string path, string body)
    {
        var answer = await platform.Client("developer").PostAsync(path, new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Says_which_kinds_are_allowed()
    {
        var answer = await platform.Client("developer").PostAsJsonAsync(Custom, CustomQuery("shop", new { group = "", apiVersion = "v1", plural = "secrets" }));

        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("customResources[0]");
        text.ShouldContain("argoproj.io/v1alpha1/applications");
    }

    [Theory]
    [InlineData("developer")]
    [InlineData("sre-approver")]
    [InlineData("platform-admin")]
    [InlineData("auditor")]
    [InlineData("manager-approver")]
    [InlineData("ceiling-denied")]
    public async Task What_the_frontend_is_told_and_what_the_API_does_are_the_same(string account)
    {
        var client = platform.Client(account);
        string[] names = ["kubernetes.clusters.read", "kubernetes.resources.read", "kubernetes.proxy"];
        var asked = await client.PostAsJsonAsync(
            "/api/permission/authorize", new { items = names.Select(name => new { id = name, permission = new { type = "basic", name, attributes = new { } } }) });
        var told = (await asked.Content.ReadFromJsonAsync<JsonObject>())!["items"]!.AsArray().Select(item => item!["result"]!.GetValue<string>()).ToList();

        using var events = new HttpRequestMessage(HttpMethod.Get, "/api/kubernetes/proxy/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=shop-1");
        events.Headers.Add("Backstage-Kubernetes-Cluster", "default");
        HttpStatusCode[] done =
        [
            (await client.GetAsync("/api/kubernetes/clusters")).StatusCode,
            (await client.PostAsync(Workloads, Shop.Query("shop"))).StatusCode,
            (await client.SendAsync(events)).StatusCode,
        ];
        done.ShouldBe(told.Select(result => result == "ALLOW" ? HttpStatusCode.OK : HttpStatusCode.Forbidden));
        told.Distinct().ShouldHaveSingleItem().ShouldBe(account is "developer" or "sre-approver" or "platform-admin" ? "ALLOW" : "DENY");
    }

    [Fact]
    public async Task Shows_what_it_last_knew_while_the_cluster_is_down()
    {
        await Eventually.BeAsync(async () => Shop.Names(await AskAsync("developer", "shop"), "pods").Any());
        await using (await platform.WithClusterFaultAsync(new FaultRule("/api", Status: 503, Body: "<html>no server</html>")))
        {
            var stale = await AskAsync("developer", "shop");
            Shop.Names(stale, "pods").ShouldBe(["shop-1"]);
            Errors(stale).ShouldHaveSingleItem().ShouldContain("cannot be read now; this is what it had at");

            var never = await AskAsync("developer", "unreadable-selector");
            Shop.Names(never, "pods").ShouldBeEmpty();
            Errors(never).ShouldNotBeEmpty();
        }

        await Eventually.BeAsync(async () => !Errors(await AskAsync("developer", "shop")).Any(), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_cluster_that_misbehaves_costs_the_page_nothing_but_its_answer(FaultRule fault)
    {
        await using (await platform.WithClusterFaultAsync(fault))
        {
            var shown = await AskAsync("developer", "shop-of-others");

            Errors(shown).ShouldNotBeEmpty();
        }

        await Eventually.BeAsync(async () => !Errors(await AskAsync("developer", "shop-of-others")).Any(), TimeSpan.FromMinutes(1));
    }

    public static TheoryData<FaultRule> Faults =>
    [
        new FaultRule("/api", Drop: true), new FaultRule("/api", LatencyMs: 60_000), new FaultRule("/api", Status: 500, Body: "{"), new FaultRule("/api", Status: 429), new FaultRule("/api", Status: 401),
    ];

    [Fact]
    public async Task One_kind_that_fails_leaves_the_others()
    {
        await using (await platform.WithClusterFaultAsync(new FaultRule("/apis/networking.k8s.io", Status: 500)))
        {
            var shown = await Eventually.GetAsync(() => AskAsync("developer", "shop"), answer => Shop.Names(answer, "pods").Any());

            var error = shown["items"]![0]!["errors"]!.AsArray().ShouldHaveSingleItem()!;
            error.ToJsonString().ShouldBe("""{"errorType":"SYSTEM_ERROR","statusCode":500,"resourcePath":"/apis/networking.k8s.io/v1/namespaces/shop/ingresses"}""");
        }
    }

    [Fact]
    public async Task An_unknown_entity_is_told_as_such() =>
        (await platform.Client("developer").PostAsync(Workloads, Shop.Query("nothing"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    private static object CustomQuery(string entity, params object[] kinds) => new { auth = new { }, entityRef = $"component:default/{entity}", customResources = kinds };

    private static IEnumerable<string> Errors(JsonNode answer) =>
        answer["items"]!.AsArray().SelectMany(cluster => cluster!["errors"]!.AsArray()).Select(error => error!["message"]?.GetValue<string>() ?? error.ToJsonString());

    private static IEnumerable<string> Types(JsonNode answer) => answer["items"]![0]!["resources"]!.AsArray().Select(list => list!["type"]!.GetValue<string>());

    private async Task<JsonObject> AskAsync(string account, string entity)
    {
        var answer = await platform.Client(account).PostAsync(Workloads, Shop.Query(entity));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
