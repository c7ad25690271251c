using System.Text.Json.Nodes;
using System.Threading.Channels;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Processors;
using DevPlatform.Catalog.Providers;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>A platform that keeps orphans, with a provider and a processor of someone else's.</summary>
public sealed class ExtendedPlatform : CatalogPlatform
{
    public InventoryProvider Inventory { get; } = new();

    private WebApplication _gitHub = null!;

    public GitServer GitHub { get; private set; } = null!;

    /// <summary>Sources are asked once in ten minutes: what shows sooner was told.</summary>
    protected override IEnumerable<string> MoreSettings =>
    [
        "Catalog:OrphanStrategy=Keep", "Catalog:RefreshInterval=00:10:00", "Catalog:VersionedRefreshInterval=00:10:00", $"Webhooks:GitHubSecret={WebhookSecret}",
        $"Catalog:GitHub:ApiUrl={GitHub.BaseUrl}api/v3", "Catalog:GitHub:Token=github-token", "Catalog:GitHub:Organizations:0=hub", "Catalog:GitHub:Interval=00:10:00",
        "Identity:Organization:Enabled=true", "Identity:Organization:ClientSecret=developer-portal-sync-secret", "Identity:Organization:Interval=00:10:00",
    ];

    // Its people come and go.
    protected override Task<Keycloak> GetKeycloakAsync() => TestKit.Keycloak.StartAsync();

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        var directory = Directory.CreateDirectory(Path.Combine(WorkDirectory, "github")).FullName;
        foreach (var (path, text) in HubRepositories.Files)
        {
            var file = Path.Combine(directory, "seed", "hub", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        (_gitHub, var url) = await MockToolHost.StartAsync(
            "github", $"--Git:Root={directory}/git", $"--Git:Seed={directory}/seed", "--Git:Users:x-access-token=github-token", "--Git:AnonymousRead=false",
            $"--Git:WebhookSecret={WebhookSecret}", $"--Git:Webhooks:0={Files.BaseUrl}hooks/github", "--GitHub:Token=github-token", "--GitHub:MaxPageSize=2",
            "--Logging:LogLevel:Default=Warning");
        GitHub = new GitServer(url, directory, "x-access-token", "github-token");
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _gitHub.DisposeAsync();
        await Keycloak.DisposeAsync();
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ICatalogProvider>(Inventory);
        builder.Services.AddSingleton<IEntityProcessor, TierProcessor>();
    }

    /// <summary>Tells what a test puts into it.</summary>
    public sealed class InventoryProvider : ICatalogProvider
    {
        private readonly Channel<Func<ICatalogConnection, CancellationToken, Task>> _work = Channel.CreateUnbounded<Func<ICatalogConnection, CancellationToken, Task>>();

        public string Name => "inventory";

        public async Task RunAsync(ICatalogConnection catalog, CancellationToken cancellationToken)
        {
            await foreach (var work in _work.Reader.ReadAllAsync(cancellationToken))
            {
                await work(catalog, cancellationToken);
            }
        }

        public async Task TellAsync(Func<ICatalogConnection, CancellationToken, Task> tell)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _work.Writer.WriteAsync(async (catalog, token) =>
            {
                try
                {
                    await tell(catalog, token);
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                    throw;
                }
            });
            await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Has opinions on <c>spec.tier</c>.</summary>
    private sealed class TierProcessor : IEntityProcessor
    {
        public ValueTask PreProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
        {
            if (entity["spec"]?["tier"]?.ToString() == "standard")
            {
                entity["spec"]!["tier"] = "silver";
            }

            return ValueTask.CompletedTask;
        }

        public IEnumerable<EntityProblem> Validate(JsonObject entity)
        {
            if (entity["spec"]?["tier"]?.ToString() is { } tier and not ("silver" or "gold"))
            {
                yield return new EntityProblem("spec.tier", $"\"spec.tier\" is not valid: found \"{tier}\"; allowed: silver, gold");
            }
        }

        public ValueTask PostProcessAsync(JsonObject entity, ProcessingContext context, CancellationToken cancellationToken)
        {
            if (entity["spec"]?["more"]?.ToString() is { } more)
            {
                context.Follow(more, field: "spec.more");
            }

            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>What GitHub's organization <c>hub</c> holds at first: three pages of repositories, of which two have catalog files.</summary>
internal static class HubRepositories
{
    public static readonly IReadOnlyList<(string Path, string Text)> Files =
    [
        ("alpha/catalog-info.yaml", Yaml.Group("hub-team") + "---\n" + Yaml.Component("hub-alpha", "hub-team")),
        ("beta/README.md", "no catalog file here\n"),
        ("gamma/README.md", "neither here\n"),
        ("omega/services/x/catalog-info.yaml", Yaml.Component("hub-omega", "hub-team")),
        ("omega/template/skeleton/catalog-info.yaml", "metadata:\n  name: ${{ values.name }}\n"),
        ("zeta/template/skeleton/catalog-info.yaml", "metadata:\n  name: ${{ values.name }}\n"),
    ];
}

[CollectionDefinition(Name)]
public sealed class ExtendedCollection : ICollectionFixture<ExtendedPlatform>
{
    public const string Name = "catalog-extended";
}
