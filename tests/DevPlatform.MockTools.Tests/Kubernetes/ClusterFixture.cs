using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using k8s;
using Microsoft.AspNetCore.Builder;

namespace DevPlatform.MockTools.Tests.Kubernetes;

/// <summary>A cluster with the platform's definitions applied, and the official C# client for it.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const string Group = "platform.devplatform.io";
    public const string GroupVersion = "v1alpha1";
    public const string Plural = "postgresqlinstances";

    private WebApplication? _app;

    public Uri BaseUrl { get; private set; } = null!;

    public k8s.Kubernetes Client { get; private set; } = null!;

    public k8s.Kubernetes Viewer { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (_app, BaseUrl) = await MockToolHost.StartAsync(
            "kubernetes",
            "--Kubernetes:Tokens:admin=admin-token",
            "--Kubernetes:Tokens:portal=portal-token",
            "--Kubernetes:Roles:portal=view",
            "--Kubernetes:BookmarkSeconds=0.2",
            $"--Kubernetes:Manifests={RepositoryFiles.Path("deploy/crossplane")}");
        Client = As("admin-token");
        Viewer = As("portal-token");
        Http = new HttpClient { BaseAddress = BaseUrl };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "admin-token");
    }

    public k8s.Kubernetes As(string token) => new(new KubernetesClientConfiguration { Host = BaseUrl.AbsoluteUri, AccessToken = token });

    internal async Task<Claim> CreateClaimAsync(string name, string size = "small", string @namespace = "team-orders") =>
        await Client.CustomObjects.CreateNamespacedCustomObjectAsync<Claim>(Claim.New(name, size, @namespace), Group, GroupVersion, @namespace, Plural);

    public async Task DisposeAsync()
    {
        Client.Dispose();
        Viewer.Dispose();
        Http.Dispose();
        await _app!.DisposeAsync();
    }
}
