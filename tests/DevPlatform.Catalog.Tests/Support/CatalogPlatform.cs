using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.Api.Hosting;
using DevPlatform.Catalog.TechDocs.Storage;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>The platform with a Git server, a cluster, and a server of plain files that tests write.</summary>
public class CatalogPlatform : PlatformApi
{
    public const string WebhookSecret = "the webhooks' secret";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("catalog-tests");
    private readonly HashSet<string> _registered = [];
    private WebApplication _git = null!;
    private WebApplication _kubernetes = null!;
    private WebApplication? _replica;
    private Task<Uri>? _ownersOnly;

    public FileServer Files { get; private set; } = null!;

    public GitServer Git { get; private set; } = null!;

    public k8s.Kubernetes Cluster { get; private set; } = null!;

    public HttpClient Admin => field ??= Client("platform-admin");

    /// <summary>Names of the documentation sites stored so far.</summary>
    internal ConcurrentQueue<string> StoredDocs { get; } = [];

    /// <summary>The settings of another replica beside this one; its own come last.</summary>
    internal string[] ReplicaArguments(params string[] settings) => ArgumentsFor(
        ConnectionString, Keycloak.BaseUrl, Settings.Where(s => !settings.Any(own => own.StartsWith(s[..s.IndexOf('=', StringComparison.Ordinal)], StringComparison.Ordinal))).Concat(settings));

    /// <summary>Another replica, where developers see only what they own, only the administrator sees the rest, and unknown owners are accepted.</summary>
    public Task<Uri> OwnersOnlyAsync() => (_ownersOnly ??= StartOwnersOnlyAsync());

    protected override IEnumerable<string> Settings =>
    [
        $"services:git:http:0={Git.BaseUrl}", $"services:kubernetes:http:0={Cluster.BaseUri}", "Kubernetes:Token=viewer-token",
        $"Git:CacheDirectory={Path.Combine(_directory.FullName, "cache")}", $"TechDocs:Directory={Path.Combine(_directory.FullName, "techdocs")}", "TechDocs:CheckInterval=00:00:00", "TechDocs:UpkeepInterval=00:00:00",
        $"Catalog:ReadingAllow:0={Files.BaseUrl.Authority}",
        $"Catalog:Git:Repositories:0={Git.CloneUrl("acme", "discovered")}", "Catalog:RefreshInterval=00:00:01", "Catalog:ReadTimeout=00:00:05", $"Webhooks:GitSecret={WebhookSecret}", .. MoreSettings,
    ];

    /// <summary>Where this platform's tools keep what they have.</summary>
    protected string WorkDirectory => _directory.FullName;

    /// <summary>Settings of a platform that differs.</summary>
    protected virtual IEnumerable<string> MoreSettings => [];

    protected override void Configure(WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<IDocsStorage>(services => new CountingDocsStorage(ActivatorUtilities.CreateInstance<FileSystemDocsStorage>(services), StoredDocs));

    protected override async Task PrepareAsync()
    {
        Files = await FileServer.StartAsync();
        var seed = Path.Combine(_directory.FullName, "seed", "acme", "discovered");
        foreach (var (path, text) in DiscoveredRepository.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(seed, path))!);
            await File.WriteAllTextAsync(Path.Combine(seed, path), text);
        }

        (_git, var gitUrl) = await MockToolHost.StartAsync(
            "git", $"--Git:Root={_directory.FullName}/git", $"--Git:Seed={_directory.FullName}/seed", "--Git:Users:portal=test",
            $"--Git:WebhookSecret={WebhookSecret}", $"--Git:Webhooks:0={Files.BaseUrl}hooks/git", "--Logging:LogLevel:Default=Warning");
        Git = new GitServer(gitUrl, _directory.FullName);
        (_kubernetes, var kubernetesUrl) = await MockToolHost.StartAsync(
            "kubernetes", "--Kubernetes:Tokens:admin=admin-token", "--Kubernetes:Tokens:viewer=viewer-token", "--Kubernetes:Roles:viewer=view",
            $"--Kubernetes:Manifests={Repository.PathOf("deploy", "crossplane")}", "--Logging:LogLevel:Default=Warning");
        Cluster = new k8s.Kubernetes(new k8s.KubernetesClientConfiguration { Host = kubernetesUrl.AbsoluteUri, AccessToken = "admin-token" });
    }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Files.WebhookReceiver = BaseUrl;
    }

    public override async Task DisposeAsync()
    {
        if (_replica is not null)
        {
            await _replica.StopAsync();
            await _replica.DisposeAsync();
        }

        await base.DisposeAsync();
        Cluster.Dispose();
        await Files.DisposeAsync();
        await _git.DisposeAsync();
        await _kubernetes.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<Uri> StartOwnersOnlyAsync()
    {
        const string read = "Permissions:Policies:catalog.entity.read:Allow";
        _replica = PlatformHost.Build(ReplicaArguments(
            $"TechDocs:Directory={Path.Combine(_directory.FullName, "replica")}", $"{read}:0:Roles:0=platform-admin", $"{read}:1:Roles:0=developer", $"{read}:1:Owner=true",
            "Catalog:UnknownOwners=Accept"));
        await _replica.StartPlatformAsync();
        return new Uri(_replica.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Puts a file on the file server and registers it.</summary>
    public async Task<string> RegisterAsync(string path, string yaml)
    {
        var url = Files.Put(path, yaml);
        using var response = await Admin.PostAsJsonAsync("/api/catalog/locations", new { type = "url", target = url });
        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(201, body);
        return JsonNode.Parse(body)!["location"]!["id"]!.GetValue<string>();
    }

    /// <summary>As <see cref="RegisterAsync"/>, for cases that share a file.</summary>
    public async Task RegisterOnceAsync(string path, string yaml)
    {
        if (_registered.Add(path))
        {
            await RegisterAsync(path, yaml);
        }
    }

    /// <summary>An entity as the API answers it; null for 404.</summary>
    public async Task<JsonObject?> EntityAsync(string kind, string name, string @namespace = "default")
    {
        using var response = await Admin.GetAsync($"/api/catalog/entities/by-name/{kind}/{@namespace}/{name}");
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject() : null;
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Admin.GetAsync($"/api/catalog/{path}");
        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(200, body);
        return JsonNode.Parse(body)!;
    }

    public async Task<(int Status, JsonNode? Body)> PostAsync(string path, object body)
    {
        using var response = await Admin.PostAsJsonAsync($"/api/catalog/{path}", body);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task RefreshAsync(string entityRef) => (await PostAsync("refresh", new { entityRef })).Status.ShouldBe(200);

    /// <summary>Names of what a query finds, in its order.</summary>
    public async Task<List<string>> NamesAsync(string path) =>
        [.. ((await GetAsync(path)) switch { JsonArray array => array, var page => page["items"]!.AsArray() }).Select(e => e!["metadata"]!["name"]!.GetValue<string>())];
}

[CollectionDefinition(Name)]
public sealed class CatalogCollection : ICollectionFixture<CatalogPlatform>
{
    public const string Name = "catalog";
}
