using System.Diagnostics;
using System.Net.Http.Headers;
using DevPlatform.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DevPlatform.TestKit;

/// <summary>
/// The whole of DevPlatform.Api in this process: real Kestrel on a free port, a migrated PostgreSQL database of its own, real tokens from
/// <see cref="Keycloak"/>. Use it as an xunit collection fixture: <c>[CollectionDefinition("x")] class X : ICollectionFixture&lt;PlatformApi&gt;</c>,
/// or derive from it to add <see cref="Settings"/> (<c>Vault:Token=…</c>) and replace services in <see cref="Configure"/>. Tools that a test
/// does not start are at a closed port.
/// </summary>
/// <example><c>var answer = await platform.Client("developer").GetAsync("/api/identity/me");</c></example>
public class PlatformApi : IAsyncLifetime
{
    private const string Nowhere = "http://127.0.0.1:9";
    private static readonly Lazy<Task<string>> Template = new(() => Task.Run(MigrateTemplateAsync));
    private readonly List<HttpClient> _clients = [];
    private WebApplication? _app;

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>Where it listens.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Connection string of its database.</summary>
    public string ConnectionString { get; private set; } = null!;

    /// <summary>Who signs its users in.</summary>
    public Keycloak Keycloak { get; private set; } = null!;

    /// <summary>Settings of this host, <c>Key:Part=value</c>; they win over the defaults of tests.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>Starts what <see cref="Settings"/> will point to (mock tools), before the host is built.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Replaces services (the clock, say) before the host is built.</summary>
    protected virtual void Configure(WebApplicationBuilder builder)
    {
    }

    /// <summary>Connection string of a migrated database of this platform's own; begins before <see cref="PrepareAsync"/>.</summary>
    protected virtual async Task<string> CreateDatabaseAsync() => await PostgresServer.CreateDatabaseAsync(await Template.Value);

    /// <summary>Brings a database up to date, which nobody stays connected to.</summary>
    protected static async Task MigrateAsync(string connectionString)
    {
        await using var app = PlatformHost.Build(ArgumentsFor($"{connectionString};Pooling=false", new Uri(Nowhere), []));
        await app.Services.GetRequiredService<Shared.Storage.DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    }

    /// <summary>Whose tokens are accepted: by default the test process's one provider.</summary>
    protected virtual Task<Keycloak> GetKeycloakAsync() => Keycloak.GetAsync();

    /// <summary>A client without a token.</summary>
    public HttpClient Client() => NewClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>A client signed in as one of the realm's accounts (<c>developer</c>, <c>dba-approver</c>, …).</summary>
    public HttpClient Client(string account) => NewClient(new SignedIn(Keycloak, account));

    /// <summary>A client with a token of your making.</summary>
    public HttpClient ClientWithToken(string token)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <inheritdoc />
    public virtual async Task InitializeAsync()
    {
        var database = CreateDatabaseAsync();
        Keycloak = await GetKeycloakAsync();
        await PrepareAsync();
        ConnectionString = await database;
        _app = PlatformHost.Build(ArgumentsFor(ConnectionString, Keycloak.BaseUrl, Settings), Configure);
        await _app.StartPlatformAsync();
        BaseUrl = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <inheritdoc />
    public virtual async Task DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        if (_app is not null)
        {
            await StopAsync();
            await _app.DisposeAsync();
        }
    }

    /// <summary>Stops the host as SIGTERM does: what runs may finish. Stopping twice is fine.</summary>
    public Task StopAsync() => _app!.StopAsync();

    /// <summary>The command line of a host for tests, for those that start one themselves.</summary>
    public static string[] ArgumentsFor(string connectionString, Uri keycloak, IEnumerable<string> settings)
    {
        var tools = new[] { "vault", "git", "kubernetes", "argocd" }.Select(tool => $"services:{tool}:http:0={Nowhere}");
        IEnumerable<string> defaults =
        [
            "environment=Production", "urls=http://127.0.0.1:0", $"ConnectionStrings:devplatform={connectionString}",
                $"services:keycloak:http:0={keycloak}", "Identity:ClientSecret=developer-portal-secret",
            .. tools, $"services:teleport:https:0={Nowhere.Replace("http:", "https:", StringComparison.Ordinal)}",
            "Vault:Auth=token", "Vault:Token=test", "Kubernetes:Token=test", "ArgoCd:Token=test", "Git:Username=portal", "Git:Password=test",
            "Teleport:Cluster=example", $"Scaffolder:GitOps:Repository={Nowhere}/platform/gitops.git", "Logging:LogLevel:Default=Warning",
        ];
        var winning = settings.ToList();
        return [.. defaults.Where(d => !winning.Exists(s => s.StartsWith(d[..(d.IndexOf('=') + 1)], StringComparison.OrdinalIgnoreCase)))
            .Concat(winning).Select(s => $"--{s}")];
    }

    /// <summary>Migrating takes seconds, copying a migrated database takes milliseconds.</summary>
    private static async Task<string> MigrateTemplateAsync()
    {
        var connectionString = await PostgresServer.CreateDatabaseAsync();
        await MigrateAsync(connectionString);
        return new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    private HttpClient NewClient(HttpMessageHandler handler)
    {
        var client = new HttpClient(handler) { BaseAddress = BaseUrl };
        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }

    /// <summary>Signs in on the first request, and again before the token ends: a slow run takes longer than a token lasts.</summary>
    private sealed class SignedIn(Keycloak keycloak, string account)
        : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
        private readonly Lock _lock = new();
        private Task<string>? _token;
        private long _signedIn;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", await TokenAsync());
            return await base.SendAsync(request, cancellationToken);
        }

        private Task<string> TokenAsync()
        {
            lock (_lock)
            {
                if (_token is null or { IsFaulted: true } || Stopwatch.GetElapsedTime(_signedIn) > Life)
                {
                    (_signedIn, _token) = (Stopwatch.GetTimestamp(), keycloak.TokenAsync(account));
                }

                return _token;
            }
        }
    }
}
