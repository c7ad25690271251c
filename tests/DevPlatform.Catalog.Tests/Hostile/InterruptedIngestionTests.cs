using System.Diagnostics;
using DevPlatform.Catalog.Tests.Support;
using DevPlatform.TestKit;
using Npgsql;
using Eventually = DevPlatform.Catalog.Tests.Support.Eventually;

namespace DevPlatform.Catalog.Tests.Hostile;

/// <summary>The API as a process of its own, killed or cut off from its database while it reads: the catalog ends as if nothing had happened.</summary>
public sealed class InterruptedIngestionTests : IAsyncLifetime
{
    private const int Locations = 8;
    private const int Components = 60;
    private const int Interruptions = 4;
    private readonly Random _random = new(42);
    private FileServer _files = null!;
    private Keycloak _keycloak = null!;

    public async Task InitializeAsync()
    {
        _keycloak = await Keycloak.GetAsync();
        _files = await FileServer.StartAsync();
        for (var i = 0; i < Locations; i++)
        {
            _files.Put($"{i}/inner.yaml", Yaml.All([.. Enumerable.Range(0, Components).Select(c => Yaml.Component($"c-{i}-{c}", $"team-{c % Locations}", $"  dependsOn: [\"component:c-{(i + 1) % Locations}-{c}\"]\n")), "kind: broken\n"]));
            _files.Put($"{i}/all.yaml", Yaml.All(Yaml.Location($"all-{i}", "./inner.yaml"), Yaml.Group($"team-{i}")));
        }
    }

    public Task DisposeAsync() => _files.DisposeAsync().AsTask();

    [Fact]
    public async Task Killed_or_cut_off_from_its_database_again_and_again_it_converges_to_the_state_of_an_undisturbed_run()
    {
        var migrated = await MigratedAsync();
        var undisturbed = await RunAsync(await PostgresServer.CreateDatabaseAsync(migrated), (_, _) => Task.CompletedTask);
        var killed = await PostgresServer.CreateDatabaseAsync(migrated);
        for (var i = 0; i < Interruptions; i++)
        {
            await KillWhileReadingAsync(killed);
        }

        (await RunAsync(killed, (_, _) => Task.CompletedTask)).ShouldBe(undisturbed);
        (await RunAsync(await PostgresServer.CreateDatabaseAsync(migrated), CutOffAsync)).ShouldBe(undisturbed);
    }

    private async Task KillWhileReadingAsync(string database)
    {
        using var victim = Start(database);
        var reads = _files.Reads;
        await Eventually.HoldsAsync(() => Task.FromResult(_files.Reads > reads || victim.HasExited), "the first read", 120);
        await Task.Delay(_random.Next(0, 400));
        victim.Kill();
        await victim.WaitForExitAsync();
    }

    // As a restart looks from outside: connections end, and new ones are refused for a while.
    private async Task CutOffAsync(string database, Process process)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var connection = new NpgsqlConnection((await PostgresServer.GetAsync()).ConnectionString);
        await connection.OpenAsync();
        for (var i = 0; i < Interruptions; i++)
        {
            await ExecuteAsync(connection, $"alter database \"{name}\" allow_connections false");
            await ExecuteAsync(connection, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
            await Task.Delay(_random.Next(100, 1000));
            await ExecuteAsync(connection, $"alter database \"{name}\" allow_connections true");
            await Task.Delay(_random.Next(0, 1000));
        }

        process.HasExited.ShouldBeFalse();
    }

    /// <summary>Runs the API until its catalog is complete, and says what that then holds.</summary>
    private async Task<string> RunAsync(string database, Func<string, Process, Task> disturbAsync)
    {
        using var process = Start(database);
        try
        {
            var reads = _files.Reads;
            await Eventually.HoldsAsync(() => Task.FromResult(_files.Reads > reads), "the first read", 120);
            await disturbAsync(database, process);
            await Eventually.HoldsAsync(async () => await ScalarAsync(database, "select count(*)::text || ' ' || count(nullif(etag, ''))::text from catalog.entities") == $"{Total} {Total}", "all entities", 120);
            await Eventually.HoldsAsync(async () => await ScalarAsync(database, "select count(*)::text from catalog.roots where dependencies is not null and error is null") == $"{Locations}", "all locations", 120);
            return await ScalarAsync(
                database,
                """
                select md5(string_agg(line, E'\n' order by line)) || ' ' || count(*) from (
                  select e.ref || coalesce(parent_ref, '') || location || document || coalesce(issues, '') || lifecycle || coalesce((convert_from(final, 'utf8')::jsonb -> 'relations')::text, '') || coalesce((convert_from(final, 'utf8')::jsonb -> 'status')::text, '') as line from catalog.entities e
                  union all select origin || type || target from catalog.relations) as all_lines
                """);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // For each location the one that stands for it, the one in its file, its group and its components.
    private static int Total => Locations * (3 + Components);

    /// <summary>Name of a migrated database to copy.</summary>
    private async Task<string> MigratedAsync()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var migrate = Start(database, "migrate");
        await migrate.WaitForExitAsync();
        migrate.ExitCode.ShouldBe(0);
        return new NpgsqlConnectionStringBuilder(database).Database!;
    }

    private Process Start(string database, params string[] verb)
    {
        var settings = Enumerable.Range(0, Locations).Select(i => $"Catalog:Locations:{i}:Target={_files.Url($"{i}/all.yaml")}")
            .Append($"Catalog:ReadingAllow:0={_files.BaseUrl.Authority}").Append("Catalog:RefreshInterval=00:00:01");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DevPlatform.Api.dll"), .. verb, .. PlatformApi.ArgumentsFor(database, _keycloak.BaseUrl, settings)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<string> ScalarAsync(string database, string sql)
    {
        try
        {
            await using var connection = new NpgsqlConnection(database + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return (string)(await command.ExecuteScalarAsync())!;
        }
        catch (PostgresException)
        {
            return "";
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
