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

    protected override IEnumerable<string> Settings =>
    [
        $"services:git:http:0={_git}", $"Git:CacheDirectory={Path.Combine(_directory.FullName, "cache")}",
        $"Catalog:Git:Repositories:0={new Uri(_git, "platform/catalog.git")}", $"Catalog:ReadingAllow:0={_git.Authority}",
        $"services:argocd:http:0={ArgoCd}", "ArgoCd:Token=portal-token", "ArgoCd:FreshFor=00:00:00",
    ];

    /// <summary>Makes Argo CD misbehave until the result is disposed.</summary>
    public async Task<IAsyncDisposable> WithArgoCdFaultAsync(FaultRule rule)
    {
        var faults = new Faults(new HttpClient { BaseAddress = ArgoCd });
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
            """);
        Write("seed/platform/gitops/claims/.gitkeep", "");
        _git = await StartAsync("git", $"--Git:Root={_directory.FullName}/git", $"--Git:Seed={_directory.FullName}/seed", "--Git:Users:portal=test");
        var cluster = await StartAsync(
            "kubernetes", "--Kubernetes:Tokens:argocd=argocd-token",
            $"--Kubernetes:Manifests={Repository.PathOf("deploy", "crossplane")};{Repository.PathOf("deploy", "argocd")}", $"--services:git:http:0={_git}");
        ArgoCd = await StartAsync(
            "argocd", $"--services:kubernetes:http:0={cluster}", "--Kubernetes:Token=argocd-token", "--ArgoCd:Token=portal-token", "--ArgoCd:PollSeconds=0.5");
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        using var client = Client("platform-admin");
        await Eventually.BeAsync(async () => (await client.GetAsync("/api/catalog/entities/by-name/component/default/elsewhere")).IsSuccessStatusCode);
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
