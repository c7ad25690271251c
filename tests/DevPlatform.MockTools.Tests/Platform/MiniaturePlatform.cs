using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;

using Eventually = DevPlatform.MockTools.Tests.Support.Eventually;

namespace DevPlatform.MockTools.Tests.Platform;

/// <summary>Git, cluster, Vault, Argo CD and Crossplane as the local topology wires them, on a real PostgreSQL.</summary>
public sealed class MiniaturePlatform : IAsyncLifetime
{
    private readonly List<WebApplication> _apps = [];
    private readonly TemporaryDirectory _files = new();

    public Uri Git { get; private set; } = null!;

    public HttpClient Cluster { get; private set; } = null!;

    public HttpClient ArgoCd { get; private set; } = null!;

    public HttpClient Vault { get; private set; } = null!;

    public string Postgres { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Postgres = (await PostgresServer.GetAsync()).ConnectionString;
        _files.Write("seed/platform/gitops/claims/.gitkeep", "");
        _files.Write("seed/platform/gitops/applications/.gitkeep", "");
        Git = await StartAsync("git", $"--Git:Root={_files["git"]}", $"--Git:Seed={_files["seed"]}", "--Git:Users:portal=portal", "--Git:AnonymousRead=false");
        var cluster = await StartAsync(
            "kubernetes",
            "--Kubernetes:Tokens:operators=operators-token",
            $"--Kubernetes:Manifests={RepositoryFiles.Path("deploy/crossplane")};{RepositoryFiles.Path("deploy/argocd")};{RepositoryFiles.Path("deploy/kafka")};{RepositoryFiles.Path("deploy/external-secrets")}",
            $"--services:git:http:0={Git}");
        var vault = await StartAsync("vault", "--Vault:RootToken=root", $"--ConnectionStrings:postgres={Postgres}");
        string[] access = [$"--services:kubernetes:http:0={cluster}", "--Kubernetes:Token=operators-token"];
        var argoCd = await StartAsync("argocd", [.. access, "--ArgoCd:Token=portal-token", "--ArgoCd:Users:admin=admin", "--ArgoCd:RepoUsername=portal", "--ArgoCd:RepoPassword=portal", "--ArgoCd:PollSeconds=0.5"]);
        await StartAsync("crossplane", [.. access, $"--ConnectionStrings:postgres={Postgres}", $"--services:vault:http:0={vault}", "--Vault:Token=root", "--Crossplane:ReadySeconds=1"]);
        Cluster = Client(cluster, "operators-token");
        ArgoCd = Client(argoCd, "portal-token");
        Vault = new HttpClient { BaseAddress = new Uri(vault, "v1/") };
        Vault.DefaultRequestHeaders.Add("X-Vault-Token", "root");
    }

    public async Task DisposeAsync()
    {
        foreach (var app in Enumerable.Reverse(_apps))
        {
            await app.DisposeAsync();
        }

        foreach (var client in (HttpClient[])[Cluster, ArgoCd, Vault])
        {
            client.Dispose();
        }

        _files.Dispose();
    }

    /// <summary>Commits a change of the GitOps repository and pushes it; returns the commit.</summary>
    public async Task<string> CommitAsync(string message, Action<string> change)
    {
        using var work = new TemporaryDirectory();
        await GitCli.OkAsync(work.Path, "clone", "-q", new UriBuilder(Git) { UserName = "portal", Password = "portal", Path = "platform/gitops.git" }.Uri.AbsoluteUri, "clone");
        change(work["clone"]);
        await GitCli.CommitAndPushAsync(work["clone"], message);
        return await GitCli.OkAsync(work["clone"], "rev-parse", "HEAD");
    }

    /// <summary>Commits a claim in the shape the portal writes it.</summary>
    public Task<string> CommitClaimAsync(string name, string size = "small", string annotations = "{}") => CommitAsync($"Claim {name}", clone =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(clone, "claims", "team-orders", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "claim.yaml"), $$"""
            apiVersion: platform.devplatform.io/v1alpha1
            kind: PostgreSQLInstance
            metadata:
              name: {{name}}
              namespace: team-orders
              labels: { platform.devplatform.io/entity: resource.default.{{name}} }
              annotations: {{annotations}}
            spec:
              environment: development
              size: {{size}}
              storage: 10Gi
              writeConnectionSecretToRef: { name: {{name}}-connection }
            """);
        File.WriteAllText(Path.Combine(folder, "external-secret.yaml"), $$"""
            apiVersion: generators.external-secrets.io/v1alpha1
            kind: VaultDynamicSecret
            metadata: { name: {{name}}-credentials, namespace: team-orders }
            spec: { path: /database/creds/team-orders-{{name}}-write, method: GET }
            ---
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: { name: {{name}}-credentials, namespace: team-orders }
            spec:
              refreshInterval: 30m
              target: { name: {{name}}-credentials }
              dataFrom: [{ sourceRef: { generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: VaultDynamicSecret, name: {{name}}-credentials } } }]
            """);
        File.WriteAllText(Path.Combine(folder, "catalog-info.yaml"), $"apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {{ name: {name} }}\n");
    });

    public async Task<JsonObject?> ClaimAsync(string name)
    {
        using var response = await Cluster.GetAsync($"apis/platform.devplatform.io/v1alpha1/namespaces/team-orders/postgresqlinstances/{name}");
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonObject>() : null;
    }

    public async Task<JsonObject> ApplicationAsync(string query = "") => (await ArgoCd.GetFromJsonAsync<JsonObject>($"api/v1/applications/platform-claims{query}"))!;

    public static JsonNode? Condition(JsonNode? target, string type) => target?["status"]?["conditions"]?.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == type);

    public Task<JsonObject> ReadyAsync(string name) => Eventually.GetAsync(
        async () => await ClaimAsync(name) is { } claim && Condition(claim, "Ready")?["status"]?.GetValue<string>() == "True" ? claim : null, $"claim {name} is Ready");

    private static HttpClient Client(Uri url, string token) => new() { BaseAddress = url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private async Task<Uri> StartAsync(string tool, params string[] settings)
    {
        var (app, url) = await MockToolHost.StartAsync(tool, settings);
        _apps.Add(app);
        return url;
    }
}

[CollectionDefinition(Name)]
public sealed class MiniaturePlatformCollection : ICollectionFixture<MiniaturePlatform>
{
    public const string Name = "miniature platform";
}
