using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Tests.Support;
using DevPlatform.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace DevPlatform.MockTools.Tests.Vault;

/// <summary>A Vault on a clock that the tests move, in front of a real PostgreSQL database.</summary>
public sealed class VaultFixture : IAsyncLifetime
{
    public const string Root = "root-token";
    private readonly TemporaryDirectory _files = new();
    private WebApplication? _app;

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public NpgsqlConnectionStringBuilder Database { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Database = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync());
        await RestartAsync();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app!.DisposeAsync();
        _files.Dispose();
    }

    /// <summary>Starts the server anew on the data of the one before.</summary>
    public async Task RestartAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            Http.Dispose();
        }

        (_app, var url) = await MockToolHost.StartAsync(
            "vault", Time, $"--Vault:RootToken={Root}", $"--Vault:Data={_files["vault.json"]}",
                $"--Vault:Policies={RepositoryFiles.Path("deploy/vault/policies")}",
            "--Vault:KubernetesTokens:developer-portal=the-portals-jwt", $"--ConnectionStrings:postgres={Database.ConnectionString}");
        Http = new HttpClient { BaseAddress = new Uri(url, "/v1/") };
    }

    public async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, object? body = null, string? token = Root,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.Add("X-Vault-Token", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(method == "PATCH" ? "application/merge-patch+json" : "application/json");
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>Registers the database and a role on it, each with a name of its own.</summary>
    public async Task<string> AddRoleAsync(string defaultTtl = "1h", string maxTtl = "8h")
    {
        var name = $"orders-{Guid.NewGuid():N}"[..20];
        (await SendAsync("POST", $"database/config/{name}", new
        {
            plugin_name = "postgresql-database-plugin",
            allowed_roles = new[] { $"{name}-*" },
            connection_url = $"postgresql://{{{{username}}}}:{{{{password}}}}@{Database.Host}:{Database.Port}/{Database.Database}?sslmode=disable",
            username = Database.Username,
            password = Database.Password,
        })).Status.ShouldBe(204);
        (await SendAsync("POST", $"database/roles/{name}-read", new
        {
            db_name = name,
            creation_statements =
                """CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'; GRANT pg_read_all_data TO "{{name}}";""",
            default_ttl = defaultTtl,
            max_ttl = maxTtl,
        })).Status.ShouldBe(204);
        return $"{name}-read";
    }

    public NpgsqlConnection ConnectAs(JsonElement credentials) => new(new NpgsqlConnectionStringBuilder(Database.ConnectionString)
    {
        Username = credentials.GetProperty("data").GetProperty("username").GetString(),
        Password = credentials.GetProperty("data").GetProperty("password").GetString(),
        Pooling = false,
    }.ConnectionString);

    public async Task<bool> RoleExistsAsync(JsonElement credentials)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_roles WHERE rolname = $1", connection);
        command.Parameters.Add(new() { Value = credentials.GetProperty("data").GetProperty("username").GetString()! });
        return (long)(await command.ExecuteScalarAsync())! > 0;
    }
}

[CollectionDefinition("vault")]
public sealed class VaultCollection : ICollectionFixture<VaultFixture>;
