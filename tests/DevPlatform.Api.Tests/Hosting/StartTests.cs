using System.Net;
using System.Net.Sockets;
using DevPlatform.Api.Hosting;
using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.Api.Tests.Hosting;

/// <summary>What an operator sees: exit code and one line.</summary>
public sealed class StartTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    [Fact]
    public async Task Names_the_connection_string_that_is_missing() =>
        await ShouldFailAsync("ConnectionStrings:devplatform: found nothing; allowed: an Npgsql connection string", "ConnectionStrings:devplatform=");

    [Fact]
    public async Task Does_not_repeat_a_broken_connection_string() =>
        (await ShouldFailAsync("ConnectionStrings:devplatform: not an Npgsql connection string", "ConnectionStrings:devplatform=Host=x;Pasword=hunter2")).ShouldNotContain("hunter2");

    [Theory]
    [InlineData("Identity:KeycloakUrl=localhost:8080", "Identity:KeycloakUrl: found \"localhost:8080\"; allowed: an http or https URL (or services:keycloak:http:0)")]
    [InlineData("Identity:Realm=a/b", "Identity:Realm: found \"a/b\"; allowed: the name of a Keycloak realm")]
    [InlineData("Permissions:Policies:x:Allow:0:Role:0=a", "Role")]
    [InlineData("ForwardedHeaders:KnownProxies:0=everyone", "ForwardedHeaders:KnownProxies: found \"everyone\"; allowed: IP addresses")]
    public async Task Names_the_setting_that_is_wrong(string setting, string expected) => await ShouldFailAsync(expected, await FreshAsync(), setting);

    [Fact]
    public async Task Says_when_the_database_is_not_migrated() =>
        await ShouldFailAsync("run \"DevPlatform.Api migrate\" first", await FreshAsync());

    [Fact]
    public async Task Says_when_the_database_cannot_be_reached() =>
        await ShouldFailAsync("PostgreSQL cannot be reached", "ConnectionStrings:devplatform=Host=127.0.0.1;Port=9;Username=x;Database=x");

    [Fact]
    public async Task Says_when_the_port_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var database = await FreshAsync();
        (await RunAsync(["migrate"], database)).Code.ShouldBe(0);

        await ShouldFailAsync("address already in use", database, $"urls=http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
    }

    [Fact]
    public async Task Migrates_once_however_many_replicas_start_together_and_then_has_nothing_to_do()
    {
        var database = await FreshAsync();

        var together = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(["migrate"], database)));
        together.ShouldAllBe(run => run.Code == 0);
        var schemas = await SchemasAsync(database);
        schemas.ShouldBe(["access", "catalog", "identity", "integrations", "scaffolder", "wolverine"]);

        (await RunAsync(["migrate"], database)).Code.ShouldBe(0);
    }

    private static async Task<string> FreshAsync() => $"ConnectionStrings:devplatform={await PostgresServer.CreateDatabaseAsync()}";

    private static async Task<string> ShouldFailAsync(string expected, params string[] settings)
    {
        var (code, errors) = await RunAsync([], settings);
        code.ShouldBe(1, errors);
        errors.ShouldStartWith("DevPlatform.Api cannot start: ");
        errors.ShouldContain(expected, Case.Insensitive);
        errors.Trim().Split('\n').Length.ShouldBe(1, errors);
        return errors;
    }

    private static async Task<(int Code, string Errors)> RunAsync(string[] verb, params string[] settings)
    {
        using var errors = new StringWriter();
        var code = await PlatformHost.RunAsync([.. verb, .. PlatformApi.ArgumentsFor("", Nowhere, settings)], errors);
        return (code, errors.ToString());
    }

    private static async Task<List<string>> SchemasAsync(string setting)
    {
        await using var connection = new NpgsqlConnection(setting[(setting.IndexOf('=') + 1)..]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select schema_name from information_schema.schemata where schema_name !~ '^(pg_|information_schema|public)' order by 1", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var schemas = new List<string>();
        while (await rows.ReadAsync())
        {
            schemas.Add(rows.GetString(0));
        }

        return schemas;
    }
}
