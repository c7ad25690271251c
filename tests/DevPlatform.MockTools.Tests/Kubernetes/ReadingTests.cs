using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using k8s;
using k8s.Autorest;
using k8s.Models;
using static DevPlatform.MockTools.Tests.Kubernetes.ClusterFixture;

namespace DevPlatform.MockTools.Tests.Kubernetes;

public sealed class ReadingTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task The_generic_client_lists_claims_of_a_namespace_and_of_the_cluster()
    {
        await cluster.CreateClaimAsync("listed", @namespace: "team-data");
        using var client = new GenericClient(cluster.Client, Group, GroupVersion, Plural, disposeClient: false);

        (await client.ListNamespacedAsync<ClaimList>("team-data")).Items.ShouldContain(c => c.Metadata.Name == "listed");
        (await client.ListAsync<ClaimList>()).Items.ShouldContain(c => c.Metadata.Name == "listed");
        (await client.ReadNamespacedAsync<Claim>("team-data", "listed")).Spec.Size.ShouldBe("small");
    }

    [Fact]
    public async Task Pages_show_one_version_and_everything_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = $"page-{i}" } }, "team-sre");
        }

        var first = await cluster.Client.CoreV1.ListNamespacedConfigMapAsync("team-sre", limit: 2);
        await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "page-9" } }, "team-sre");
        var second = await cluster.Client.CoreV1.ListNamespacedConfigMapAsync("team-sre", limit: 2, continueParameter: first.Metadata.ContinueProperty);
        var third = await cluster.Client.CoreV1.ListNamespacedConfigMapAsync("team-sre", limit: 2, continueParameter: second.Metadata.ContinueProperty);

        first.Metadata.RemainingItemCount.ShouldBe(3);
        first.Items.Concat(second.Items).Concat(third.Items).Select(i => i.Metadata.Name).ShouldBe(["page-0", "page-1", "page-2", "page-3", "page-4"]);
        third.Metadata.ContinueProperty.ShouldBeNull();
        new[] { first, second, third }.Select(p => p.Metadata.ResourceVersion).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("app=x", "one")]
    [InlineData("app!=x", "two,three")]
    [InlineData("tier in (gold, silver),app", "one,two")]
    [InlineData("tier notin (gold)", "two,three")]
    [InlineData("!tier", "three")]
    public async Task Label_selectors_choose(string selector, string expected)
    {
        foreach (var (name, labels) in new (string, Dictionary<string, string>)[]
        {
            ("one", new() { ["app"] = "x", ["tier"] = "gold" }), ("two", new() { ["app"] = "y", ["tier"] = "silver" }), ("three", []),
        })
        {
            var patch = new { apiVersion = "v1", kind = "Secret", metadata = new { name, labels } };
            await cluster.Client.CoreV1.PatchNamespacedSecretAsync(new V1Patch(patch, V1Patch.PatchType.ApplyPatch), name, "team-security", fieldManager: "test", force: true);
        }

        var list = await cluster.Client.CoreV1.ListNamespacedSecretAsync("team-security", labelSelector: selector);

        list.Items.Select(i => i.Metadata.Name).ShouldBe(expected.Split(','), ignoreOrder: true);
    }

    [Fact]
    public async Task Errors_are_status_objects_and_unknown_paths_plain_text()
    {
        var missing = await Should.ThrowAsync<HttpOperationException>(() => cluster.Client.CoreV1.ReadNamespacedPodAsync("a", "default"));
        var status = KubernetesJson.Deserialize<V1Status>(missing.Response.Content);
        var unknown = await cluster.Http.GetAsync("apis/example.com/v1/things");
        var field = await cluster.Http.GetAsync($"apis/{Group}/{GroupVersion}/{Plural}?fieldSelector=spec.size=x");

        (status.Code, status.Reason, status.Message, status.Details.Kind).ShouldBe((404, "NotFound", "pods \"a\" not found", "pods"));
        (await unknown.Content.ReadAsStringAsync()).ShouldBe("404 page not found\n");
        (await field.Content.ReadAsStringAsync()).ShouldContain("field label not supported: spec.size");
    }

    [Fact]
    public async Task Without_a_known_token_everything_is_401_and_the_viewer_only_reads()
    {
        using var stranger = cluster.As("guessed");

        (await Should.ThrowAsync<HttpOperationException>(() => stranger.CoreV1.ListNamespaceAsync())).Response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await cluster.Viewer.CoreV1.ListNamespaceAsync()).Items.ShouldNotBeEmpty();
        var write = await Should.ThrowAsync<HttpOperationException>(() => cluster.Viewer.CoreV1.DeleteNamespaceAsync("default"));
        write.Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        KubernetesJson.Deserialize<V1Status>(write.Response.Content).Message
            .ShouldBe("namespaces \"default\" is forbidden: User \"portal\" cannot delete resource \"namespaces\" in API group \"\" at the cluster scope");
        (await Should.ThrowAsync<HttpOperationException>(() => cluster.Viewer.CoreV1.ListSecretForAllNamespacesAsync())).Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Reviews_answer_who_a_token_is_and_what_it_may()
    {
        var token = await cluster.Client.AuthenticationV1.CreateTokenReviewAsync(new V1TokenReview { Spec = new V1TokenReviewSpec { Token = "portal-token", Audiences = ["portal"] } });
        var access = await cluster.Viewer.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(new V1SelfSubjectAccessReview
        {
            Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = new V1ResourceAttributes { Verb = "create", Group = Group, Resource = Plural, NamespaceProperty = "team-orders" } },
        });

        (token.Status.Authenticated, token.Status.User.Username).ShouldBe((true, "portal"));
        token.Status.Audiences.ShouldBe(["portal"]);
        access.Status.Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task Discovery_lists_the_kinds_of_a_composite_resource_definition()
    {
        var resources = await cluster.Http.GetFromJsonAsync<JsonObject>($"apis/{Group}/{GroupVersion}");
        var groups = await cluster.Client.Apis.GetAPIVersionsAsync();

        resources!["resources"]!.AsArray().Select(r => (Name: r!["name"]!.GetValue<string>(), Namespaced: r["namespaced"]!.GetValue<bool>()))
            .Where(r => r.Name.Contains(Plural))
            .ShouldBe([("xpostgresqlinstances", false), ("xpostgresqlinstances/status", false), (Plural, true), ($"{Plural}/status", true)], ignoreOrder: true);
        groups.Groups.ShouldContain(g => g.Name == Group);
        (await cluster.Client.ApiextensionsV1.ReadCustomResourceDefinitionAsync($"{Plural}.{Group}")).Spec.Scope.ShouldBe("Namespaced");
    }

    [Fact]
    public async Task The_state_survives_a_restart_and_old_watches_are_gone()
    {
        using var files = new TemporaryDirectory();
        string[] settings = ["--Kubernetes:Tokens:admin=t", $"--Kubernetes:Data={files["state.json"]}", $"--Kubernetes:Manifests={RepositoryFiles.Path("deploy/crossplane")}"];
        string? uid;
        string version;
        var (first, url) = await MockToolHost.StartAsync("kubernetes", settings);
        await using (first)
        {
            using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = url.AbsoluteUri, AccessToken = "t" });
            var claim = await client.CustomObjects.CreateNamespacedCustomObjectAsync<Claim>(Claim.New("kept", "small", "team-orders"), Group, GroupVersion, "team-orders", Plural);
            (uid, version) = (claim.Metadata.Uid, claim.Metadata.ResourceVersion);
            await first.StopAsync();
        }

        var (second, newUrl) = await MockToolHost.StartAsync("kubernetes", settings);
        await using (second)
        {
            using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = newUrl.AbsoluteUri, AccessToken = "t" });
            (await client.CustomObjects.GetNamespacedCustomObjectAsync<Claim>(Group, GroupVersion, "team-orders", Plural, "kept")).Metadata.Uid.ShouldBe(uid);
            using var http = new HttpClient { BaseAddress = newUrl };
            http.DefaultRequestHeaders.Authorization = new("Bearer", "t");
            var older = (long.Parse(version) - 1).ToString();
            (await http.GetStringAsync($"apis/{Group}/{GroupVersion}/{Plural}?watch=true&resourceVersion={older}")).ShouldContain("\"reason\":\"Expired\"");
        }
    }
}
