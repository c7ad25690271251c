using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>One host and database for the tests of a collection; each test makes its own templates and tasks.</summary>
public sealed class ScaffolderFixture : IAsyncLifetime
{
    public FakePlatform Platform { get; } = new();

    public GitServer Git { get; private set; } = null!;

    public OutsideTools Tools { get; private set; } = null!;

    public ScaffolderHost Host { get; private set; } = null!;

    public string ConnectionString { get; private set; } = null!;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("scaffolder-tests-").FullName;

    public async Task InitializeAsync()
    {
        Git = await GitServer.StartAsync(Path.Combine(Directory, "git"));
        Tools = await OutsideTools.StartAsync(Path.Combine(Directory, "tools"));
        ConnectionString = await PostgresServer.CreateDatabaseAsync();
        Host = await StartHostAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Git.DisposeAsync();
        await Tools.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Another replica on the same database.</summary>
    public Task<ScaffolderHost> StartHostAsync(IDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null) =>
        ScaffolderHost.StartAsync(
            ConnectionString, Platform, Directory,
            new Dictionary<string, string?>(Git.Settings.Concat(Tools.Settings).Concat(settings ?? new Dictionary<string, string?>())), services);

    /// <summary>Every row of every table of the schema, as text.</summary>
    public async Task<string> DumpDatabaseAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        var text = new System.Text.StringBuilder();
        var tables = new List<string>();
        await using (var names = source.CreateCommand("select table_schema || '.' || table_name from information_schema.tables where table_schema in ('scaffolder', 'wolverine') and table_type = 'BASE TABLE'"))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var rows = source.CreateCommand($"select t::text || ' ' || encode(convert_to(t::text, 'UTF8'), 'escape') from {table} t");
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                text.AppendLine(reader.GetString(0));
            }
        }

        return text.ToString();
    }
}

[CollectionDefinition(Name)]
public sealed class ScaffolderCollection : ICollectionFixture<ScaffolderFixture>
{
    public const string Name = "scaffolder";
}
