using System.Collections.Concurrent;
using System.Net.Http.Json;
using DevPlatform.Access.Contracts;
using DevPlatform.Api.Hosting;
using DevPlatform.Catalog.Contracts;
using DevPlatform.MockTools.Hosting;
using DevPlatform.TestKit;
using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;

namespace DevPlatform.Access.Tests.Support;

[CollectionDefinition(Name)]
public sealed class AccessCollection : ICollectionFixture<AccessPlatform>
{
    public const string Name = "access";
}

/// <summary>
/// The platform with a real Vault API, a real Teleport API (gRPC over mTLS) and a database that Vault gives credentials for. The catalog's
/// answers are the test's: what access does depends on entities, not on how they were ingested.
/// </summary>
public sealed class AccessPlatform : PlatformApi
{
    private readonly string _teleportData = Path.Combine(Path.GetTempPath(), $"teleport-{Guid.NewGuid():N}");
    private readonly List<WebApplication> _tools = [];
    private string[] _settings = [];

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Connection string of the database that access is asked for, as superuser.</summary>
    public string Target { get; private set; } = null!;

    public Tool Vault { get; private set; } = null!;

    public Tool Teleport { get; private set; } = null!;

    protected override IEnumerable<string> Settings => _settings;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var tool in _tools)
        {
            await tool.StopAsync();
            await tool.DisposeAsync();
        }

        Directory.Delete(_teleportData, recursive: true);
    }

    /// <summary>Starts another replica on the same database.</summary>
    public async Task<WebApplication> StartReplicaAsync()
    {
        var app = PlatformHost.Build(ArgumentsFor(ConnectionString, Keycloak.BaseUrl, _settings), Configure);
        await app.StartPlatformAsync();
        return app;
    }

    /// <summary>Rows of a query on the platform's database.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, params object[] parameters)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }

    public Task SendAsync(object command) =>
        Services.CreateScope().ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(command);

    protected override async Task PrepareAsync()
    {
        Target = await PostgresServer.CreateDatabaseAsync();
        Vault = await StartToolAsync("vault", "--Vault:RootToken=root", $"--ConnectionStrings:postgres={Target}");
        Directory.CreateDirectory(_teleportData);
        Teleport = await StartToolAsync(
            "teleport", $"--Teleport:Data={_teleportData}", "--Teleport:Cluster=example",
            $"--Teleport:Roles={Repository.PathOf("deploy", "teleport", "roles.yaml")}");
        await GiveVaultRolesAsync("default-orders");
        _settings =
        [
            $"services:vault:http:0={Vault.Url}", "Vault:Token=root", $"services:teleport:https:0={Teleport.Url}",
            $"Teleport:IdentityFile={Path.Combine(_teleportData, "identity")}", "Teleport:WebUrl=https://teleport.example", "Access:MinimumDuration=00:00:01",
            "Access:SweepInterval=00:00:01", $"Access:TrustedSources:0={Entities.TrustedSource}", "Logging:LogLevel:Default=Trace",
        ];
    }

    protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new LogRecorder(Log));
        builder.Services.ConfigureWolverine(options =>
        {
            // What was generated ahead calls the catalog.
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
            options.Discovery.IncludeAssembly(typeof(AccessPlatform).Assembly);
            options.Discovery.CustomizeHandlerDiscovery(query =>
                query.Excludes.WithCondition("the catalog's own answer", type => type.Assembly == typeof(DevPlatform.Catalog.CatalogModule).Assembly && type.Name.StartsWith("GetEntity", StringComparison.Ordinal)));
        });
    }

    private async Task<Tool> StartToolAsync(string name, params string[] settings)
    {
        var (app, url) = await MockToolHost.StartAsync(name, [.. settings, "--Logging:LogLevel:Default=Warning"]);
        _tools.Add(app);
        return new Tool(url, app.Urls.Select(u => new Uri(u)).First(u => u.Scheme == "http"));
    }

    private async Task GiveVaultRolesAsync(string stem)
    {
        var target = new NpgsqlConnectionStringBuilder(Target);
        using var vault = new HttpClient { BaseAddress = Vault.Url };
        vault.DefaultRequestHeaders.Add("X-Vault-Token", "root");
        await vault.PostAsJsonAsync("v1/sys/mounts/database", new { type = "database" });
        await PostAsync($"v1/database/config/{stem}", new
        {
            plugin_name = "postgresql-database-plugin",
            connection_url = $"postgresql://{{{{username}}}}:{{{{password}}}}@{target.Host}:{target.Port}/{target.Database}?sslmode=disable",
            username = target.Username,
            password = target.Password,
            allowed_roles = new[] { "*" },
        });
        foreach (var right in (string[])["read", "write", "admin"])
        {
            await PostAsync($"v1/database/roles/{stem}-{right}", new
            {
                db_name = stem,
                creation_statements = new[] { "CREATE ROLE \"{{name}}\" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';" },
                default_ttl = "1h",
                max_ttl = "8h",
            });
        }

        async Task PostAsync(string path, object body) => (await vault.PostAsJsonAsync(path, body)).EnsureSuccessStatusCode();
    }
}

/// <summary>A running tool.</summary>
/// <param name="Url">Where its API is.</param>
/// <param name="Admin">Where it can be told to fail.</param>
public sealed record Tool(Uri Url, Uri Admin)
{
    /// <summary>Makes requests below a path fail until the answer is disposed.</summary>
    public async Task<IAsyncDisposable> BreakAsync(string path)
    {
        using var http = new HttpClient { BaseAddress = Admin };
        (await http.PutAsJsonAsync("__faults", new { path, status = 503, grpcStatus = 14 })).EnsureSuccessStatusCode();
        return new Repair(Admin);
    }

    private sealed class Repair(Uri admin) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using var http = new HttpClient { BaseAddress = admin };
            (await http.DeleteAsync("__faults")).EnsureSuccessStatusCode();
        }
    }
}

/// <summary>The catalog, as far as access asks it.</summary>
public static class CatalogAnswersHandler
{
    private static readonly object Connection = new { resource = new { state = "Ready", connection = new { host = "db.example", port = 5432, database = "orders" } } };

    public static EntityDocument Handle(GetEntity query) => query.EntityRef switch
    {
        "resource:default/orders" => Entities.Database("orders", "development", status: Connection),
        "resource:default/orders-prod" => Entities.Database("orders-prod", "production", change: a => a["devplatform.io/vault-database-role"] = "default-orders"),
        "resource:default/web1" => Entities.Database("web1", "staging", "server", a => a["devplatform.io/teleport-resource"] = "node/web1"),
        "resource:default/mine" => Entities.Database("mine", "development", change: a => a["backstage.io/managed-by-location"] = "url:http://git.example/mine/repo/catalog-info.yaml"),
        "resource:default/jobs" => Entities.Database("jobs", "development", "queue"),
        _ => new EntityDocument(query.EntityRef, false, null, []),
    };
}

/// <summary>Keeps what other modules are told.</summary>
public static class PublishedEventsHandler
{
    private static readonly ConcurrentQueue<object> Seen = new();

    public static void Handle(ApprovalDecided decided) => Seen.Enqueue(decided);

    public static void Handle(AccessGranted granted) => Seen.Enqueue(granted);

    public static void Handle(AccessEnded ended) => Seen.Enqueue(ended);

    internal static IReadOnlyList<T> Of<T>() => [.. Seen.OfType<T>()];
}

internal sealed class LogRecorder(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
