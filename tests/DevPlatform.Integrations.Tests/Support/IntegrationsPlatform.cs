using System.Net.Http.Json;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.Integrations.Tests.Support;

[CollectionDefinition(Name)]
public sealed class IntegrationsCollection : ICollectionFixture<IntegrationsPlatform>
{
    public const string Name = "integrations";
}

/// <summary>The platform with a catalog read from a Git server, and an Argo CD that syncs a cluster with another repository of it.</summary>
public sealed class IntegrationsPlatform : PlatformApi
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("integrations-tests-");
    private readonly List<WebApplication> _tools = [];
    private Uri _git = null!;

    public Uri ArgoCd { get; private set; } = null!;

    /// <summary>Where the cluster's API is.</summary>
    public Uri Cluster { get; private set; } = null!;

    /// <summary>Another cluster, named <c>another</c>.</summary>
    public Uri OtherCluster { get; private set; } = null!;

    protected override IEnumerable<string> Settings =>
    [
        $"services:git:http:0={_git}", $"Git:CacheDirectory={Path.Combine(_directory.FullName, "cache")}",
        $"Catalog:Git:Repositories:0={new Uri(_git, "platform/catalog.git")}", $"Catalog:ReadingAllow:0={_git.Authority}",
        $"services:argocd:http:0={ArgoCd}", "ArgoCd:Token=portal-token", "ArgoCd:FreshFor=00:00:00",
        $"services:kubernetes:http:0={Cluster}", "Kubernetes:Token=viewer-token", "Kubernetes:FreshFor=00:00:00", "Kubernetes:Timeout=00:00:05",
        "Kubernetes:Others:0:Name=another", "Kubernetes:Others:0:Title=Another cluster", $"Kubernetes:Others:0:Server={OtherCluster}", "Kubernetes:Others:0:Token=viewer-token",
        "Kubernetes:CustomResources:0=argoproj.io/v1alpha1/applications", "Kubernetes:CustomResources:1=argoproj.io/v1alpha1/rollouts",
        // Logs of their own only, where the default lets developers read all.
        "Permissions:Policies:kubernetes.pods.logs:Allow:0:Roles:0=developer", "Permissions:Policies:kubernetes.pods.logs:Allow:0:Owner=true",
        "Permissions:Policies:kubernetes.pods.logs:Allow:1:Roles:0=sre-approver",
    ];

    /// <summary>Makes Argo CD misbehave until the result is disposed.</summary>
    public Task<IAsyncDisposable> WithArgoCdFaultAsync(FaultRule rule) => WithFaultAsync(ArgoCd, rule);

    /// <summary>Makes the cluster misbehave until the result is disposed.</summary>
    public Task<IAsyncDisposable> WithClusterFaultAsync(FaultRule rule, Uri? cluster = null) => WithFaultAsync(cluster ?? Cluster, rule);

    /// <summary>Puts an object into the cluster.</summary>
    /// <param name="path">Its address: <c>api/v1/namespaces/a/pods/b</c>.</param>
    /// <param name="manifest">The object, YAML.</param>
    /// <param name="to">Which cluster; default: the first.</param>
    public async Task ApplyAsync(string path, string manifest, Uri? to = null)
    {
        using var cluster = ClusterClient();
        cluster.BaseAddress = to ?? Cluster;
        using var body = new StringContent(manifest, null, "application/apply-patch+yaml");
        using var answer = await cluster.PatchAsync($"{path}?fieldManager=tests&force=true", body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A client of the cluster that may do everything.</summary>
    public HttpClient ClusterClient() => new() { BaseAddress = Cluster, DefaultRequestHeaders = { Authorization = new("Bearer", "argocd-token") } };

    private static async Task<IAsyncDisposable> WithFaultAsync(Uri tool, FaultRule rule)
    {
        var faults = new Faults(new HttpClient { BaseAddress = tool });
        (await faults.Http.PutAsJsonAsync("__faults", rule)).EnsureSuccessStatusCode();
        return faults;
    }

    protected override async Task PrepareAsync()
    {
        Write("seed/platform/catalog/catalog-info.yaml", """
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: { name: team-orders }
            spec: { type: team, children: [] }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: { name: team-other }
            spec: { type: team, children: [] }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: orders-api, annotations: { argocd/app-name: platform-claims } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: of-others, annotations: { argocd/app-selector: app.kubernetes.io/part-of=devplatform } }
            spec: { type: service, lifecycle: production, owner: team-other }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: forgotten, annotations: { argocd/app-name: no-such-application } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: elsewhere }
            spec: { type: library, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: shop, annotations: { backstage.io/kubernetes-id: shop, backstage.io/kubernetes-namespace: shop } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: shop-of-others, annotations: { backstage.io/kubernetes-id: shop-of-others } }
            spec: { type: service, lifecycle: production, owner: team-other }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: by-selector, annotations: { backstage.io/kubernetes-id: shop-of-others, backstage.io/kubernetes-label-selector: 'app=basket,tier in (web, api),!canary' } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: unreadable-selector, annotations: { backstage.io/kubernetes-label-selector: 'app in (' } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: { name: in-another-cluster, annotations: { backstage.io/kubernetes-id: shop, backstage.io/kubernetes-cluster: another } }
            spec: { type: service, lifecycle: production, owner: team-orders }
            """);
        Write("seed/platform/gitops/claims/.gitkeep", "");
        _git = await StartAsync("git", $"--Git:Root={_directory.FullName}/git", $"--Git:Seed={_directory.FullName}/seed", "--Git:Users:portal=test");
        Cluster = await StartAsync(
            "kubernetes", "--Kubernetes:Tokens:argocd=argocd-token", "--Kubernetes:Tokens:portal=viewer-token", "--Kubernetes:Roles:portal=view",
            $"--Kubernetes:Manifests={Repository.PathOf("deploy", "crossplane")};{Repository.PathOf("deploy", "argocd")}", $"--services:git:http:0={_git}");
        OtherCluster = await StartAsync("kubernetes", "--Kubernetes:Tokens:admin=argocd-token", "--Kubernetes:Tokens:portal=viewer-token", "--Kubernetes:Roles:portal=view");
        ArgoCd = await StartAsync(
            "argocd", $"--services:kubernetes:http:0={Cluster}", "--Kubernetes:Token=argocd-token", "--ArgoCd:Token=portal-token", "--ArgoCd:PollSeconds=0.5");
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        using var client = Client("platform-admin");
        await Eventually.BeAsync(async () => (await client.GetAsync("/api/catalog/entities/by-name/component/default/in-another-cluster")).IsSuccessStatusCode);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var tool in Enumerable.Reverse(_tools))
        {
            await tool.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private async Task<Uri> StartAsync(string tool, params string[] settings)
    {
        var (app, url) = await MockToolHost.StartAsync(tool, [.. settings, "--Logging:LogLevel:Default=Warning"]);
        _tools.Add(app);
        return url;
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_directory.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private sealed record Faults(HttpClient Http) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Http.DeleteAsync("__faults");
            Http.Dispose();
        }
    }
}
