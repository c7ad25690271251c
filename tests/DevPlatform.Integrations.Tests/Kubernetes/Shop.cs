using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Integrations.Tests.Support;

namespace DevPlatform.Integrations.Tests.Kubernetes;

/// <summary>What runs in the cluster of these tests: a shop, and pods that are others' or nobody's.</summary>
internal static class Shop
{
    public const string Script = "<script>document.title='owned'</script>";

    public static async Task DeployAsync(IntegrationsPlatform platform)
    {
        foreach (var home in (string[])["shop", "shop-staging", "others"])
        {
            await platform.ApplyAsync($"api/v1/namespaces/{home}", $"{{ apiVersion: v1, kind: Namespace, metadata: {{ name: {home} }} }}");
        }

        await platform.ApplyAsync("api/v1/namespaces/shop", "{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }", platform.OtherCluster);
        await PodAsync(platform, "shop", "shop-in-another", "backstage.io/kubernetes-id: shop", to: platform.OtherCluster);
        await PodAsync(platform, "shop", "basket-in-another", "app: basket, tier: api", to: platform.OtherCluster);
        const string Labels = "labels: { backstage.io/kubernetes-id: shop }";
        await platform.ApplyAsync("apis/apps/v1/namespaces/shop/deployments/shop", $$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: shop
              {{Labels}}
              annotations: { kubectl.kubernetes.io/last-applied-configuration: '{}' }
            spec: { replicas: 2, selector: { matchLabels: { app: shop } }, template: { metadata: { {{Labels}} }, spec: { containers: [ { name: service, image: shop } ] } } }
            """);
        await platform.ApplyAsync("api/v1/namespaces/shop/configmaps/shop", $"{{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: shop, {Labels} }}, data: {{ connection: canary-in-a-configmap }} }}");
        await platform.ApplyAsync("api/v1/namespaces/shop/secrets/shop", $"{{ apiVersion: v1, kind: Secret, metadata: {{ name: shop, {Labels} }}, stringData: {{ password: canary-in-a-secret }} }}");
        await platform.ApplyAsync("apis/argoproj.io/v1alpha1/namespaces/shop/applications/shop", $"{{ apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {{ name: shop, {Labels} }}, spec: {{ project: default }} }}");
        await PodAsync(platform, "shop", "shop-1", "backstage.io/kubernetes-id: shop", $"GET /?q={Script} 404");
        await PodAsync(platform, "shop-staging", "shop-2", "backstage.io/kubernetes-id: shop");
        await PodAsync(platform, "others", "shop-of-others-1", "backstage.io/kubernetes-id: shop-of-others");
        await PodAsync(platform, "others", "basket-1", "app: basket, tier: web");
        await PodAsync(platform, "others", "basket-2", "app: basket, tier: web, canary: 'true'");
        await PodAsync(platform, "others", "basket-3", "app: basket, tier: database");
        await PodAsync(platform, "others", "nobodys", "app: nobodys");
        await platform.ApplyAsync("apis/metrics.k8s.io/v1beta1/namespaces/shop/pods/shop-1", $$"""
            { apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: { name: shop-1, {{Labels}} }, containers: [ { name: service, usage: { cpu: 25m, memory: 64Mi } } ] }
            """);
        await platform.ApplyAsync("api/v1/namespaces/shop/events/shop-1.started", """
            { apiVersion: v1, kind: Event, metadata: { name: shop-1.started }, involvedObject: { kind: Pod, namespace: shop, name: shop-1 }, reason: Started, message: Started container }
            """);
    }

    public static Task PodAsync(IntegrationsPlatform platform, string home, string name, string labels, string log = "hello", int repeat = 1, Uri? to = null) =>
        platform.ApplyAsync($"api/v1/namespaces/{home}/pods/{name}", $$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{name}}
              labels: { {{labels}} }
              annotations: { mock.devplatform.io/log: "{{log}}", mock.devplatform.io/log-repeat: "{{repeat}}" }
            spec:
              containers:
              - name: service
                image: shop
                resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
            """, to);

    /// <summary>Backstage's body of a request for an entity's workloads.</summary>
    public static JsonContent Query(string entity) => JsonContent.Create(new { auth = new { }, entityRef = $"component:default/{entity}" });

    /// <summary>Names of an answer's objects of one kind, in all clusters.</summary>
    public static IEnumerable<string> Names(JsonNode answer, string type) =>
        from cluster in answer["items"]!.AsArray()
        from list in cluster!["resources"]!.AsArray()
        where list!["type"]!.GetValue<string>() == type
        from item in list["resources"]!.AsArray()
        select item!["metadata"]!["name"]!.GetValue<string>();
}
