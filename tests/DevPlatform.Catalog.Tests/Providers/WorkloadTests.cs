using System.Text.Json.Nodes;
using DevPlatform.Catalog.Tests.Support;
using k8s;
using k8s.Models;

namespace DevPlatform.Catalog.Tests.Providers;

[Collection(CatalogCollection.Name)]
public sealed class WorkloadTests(CatalogPlatform platform)
{
    private const string Namespace = "team-orders";

    [Fact]
    public async Task A_labelled_workload_shows_on_its_entity_as_long_as_it_runs()
    {
        await platform.RegisterAsync("wl/a.yaml", Yaml.All(Yaml.Component("wl-api", "wl-team"), Yaml.Group("wl-team")));
        await platform.Cluster.AppsV1.CreateNamespacedDeploymentAsync(Deployment("wl-api", new() { ["backstage.io/kubernetes-id"] = "wl-api" }), Namespace);
        await platform.Cluster.AppsV1.CreateNamespacedDeploymentAsync(
            Deployment("wl-worker", new() { ["platform.devplatform.io/entity"] = "component.default.wl-api", ["backstage.io/kubernetes-id"] = "something-else" }), Namespace);
        var entity = await EntityAsync(e => e.Annotation("devplatform.io/workloads") == $"{Namespace}/Deployment/wl-api,{Namespace}/Deployment/wl-worker");
        entity.Annotation("backstage.io/kubernetes-id").ShouldBe("wl-api");
        entity.Annotation("backstage.io/kubernetes-namespace").ShouldBe(Namespace);

        await platform.Cluster.AppsV1.DeleteNamespacedDeploymentAsync("wl-worker", Namespace);
        await platform.Cluster.AppsV1.DeleteNamespacedDeploymentAsync("wl-api", Namespace);
        await EntityAsync(e => e.Annotation("devplatform.io/workloads") is null && e.Annotation("backstage.io/kubernetes-id") is null);

        async Task<JsonObject> EntityAsync(Func<JsonObject, bool> wanted) => await Eventually.GetAsync(
            async () => await platform.EntityAsync("component", "wl-api") is { } e && wanted(e) ? e : null, "the workloads on the entity");
    }

    [Fact]
    public async Task A_workload_that_names_an_owner_is_a_resource_with_a_state()
    {
        await platform.RegisterAsync("wl/team.yaml", Yaml.Group("wl-owners"));
        var cache = new V1StatefulSet
        {
            Metadata = new V1ObjectMeta
            {
                Name = "wl-cache",
                Labels = new Dictionary<string, string> { ["platform.devplatform.io/entity"] = "resource.default.wl-cache", ["devplatform.io/environment"] = "staging" },
                Annotations = new Dictionary<string, string> { ["devplatform.io/owner"] = "wl-owners", ["devplatform.io/type"] = "cache" },
            },
            Spec = new V1StatefulSetSpec { Replicas = 1, ServiceName = "wl", Selector = Selector("wl-cache"), Template = Template("wl-cache") },
        };
        await platform.Cluster.AppsV1.CreateNamespacedStatefulSetAsync(cache, Namespace);
        var resource = await StateAsync("Degraded");
        resource["spec"]!["type"]!.ToString().ShouldBe("cache");
        resource.Relations().ShouldContain("ownedBy group:default/wl-owners");
        resource.Annotation("devplatform.io/environment").ShouldBe("staging");
        resource.Annotation("backstage.io/managed-by-location").ShouldBe("kubernetes:default");

        await platform.Cluster.AppsV1.PatchNamespacedStatefulSetStatusAsync(
            new V1Patch(new { status = new { replicas = 1, readyReplicas = 1 } }, V1Patch.PatchType.MergePatch), "wl-cache", Namespace);
        await StateAsync("Ready");
        await platform.Cluster.AppsV1.DeleteNamespacedStatefulSetAsync("wl-cache", Namespace);
        await Eventually.HoldsAsync(async () => await platform.EntityAsync("resource", "wl-cache") is null, "its end");

        Task<JsonObject> StateAsync(string state) => Eventually.GetAsync(
            async () => await platform.EntityAsync("resource", "wl-cache") is { } e && e.Annotation("devplatform.io/state") == state ? e : null, state);
    }

    private static V1Deployment Deployment(string name, Dictionary<string, string> labels) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = labels },
        Spec = new V1DeploymentSpec { Replicas = 1, Selector = Selector(name), Template = Template(name) },
    };

    private static V1LabelSelector Selector(string name) => new() { MatchLabels = new Dictionary<string, string> { ["app"] = name } };

    private static V1PodTemplateSpec Template(string name) => new()
    {
        Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = name } },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "main", Image = "example/main:1" }] },
    };
}
