using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Storage;
using DevPlatform.Catalog.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DevPlatform.Catalog.Tests.Ingestion;

[Collection(CatalogCollection.Name)]
public sealed class ConvergenceTests(CatalogPlatform platform)
{
    [Fact]
    public async Task A_run_that_dies_in_the_middle_leaves_nothing_and_the_next_one_completes()
    {
        var url = platform.Files.Put("crash/a.yaml", Yaml.All([.. Enumerable.Range(0, 50).Select(i => Yaml.Component($"crash-{i}", "crash-team")), Yaml.Group("crash-team")]));
        var root = await AddRootAsync(url);
        await using (var connection = new NpgsqlConnection(platform.ConnectionString))
        {
            // The database refuses the last of the run's writes, as if it had gone away there.
            await connection.OpenAsync();
            await ExecuteAsync(connection, "create function catalog.refuse() returns trigger language plpgsql as $$ begin if new.entity_ref = 'component:default/crash-49' then raise exception 'gone'; end if; return new; end $$");
            await ExecuteAsync(connection, "create trigger refuse before insert on catalog.changes for each row execute function catalog.refuse()");
            await Should.ThrowAsync<PostgresException>(() => RefreshAsync(root));
            (await platform.EntityAsync("component", "crash-0")).ShouldBeNull();
            await ExecuteAsync(connection, "drop trigger refuse on catalog.changes; drop function catalog.refuse()");
        }

        await RefreshAsync(root);
        (await platform.NamesAsync("entities?filter=metadata.annotations.backstage.io/managed-by-location=" + Uri.EscapeDataString($"url:{url}"))).Count.ShouldBe(52);
        (await platform.EntityAsync("group", "crash-team"))!.Relations().Count.ShouldBe(50);
    }

    [Fact]
    public async Task An_unchanged_source_is_asked_and_not_stored_again()
    {
        var url = platform.Files.Put("same/a.yaml", Yaml.All(Yaml.Component("same-a", "same-team"), Yaml.Group("same-team")));
        var root = await AddRootAsync(url);
        await RefreshAsync(root);
        await using var connection = new NpgsqlConnection(platform.ConnectionString);
        await connection.OpenAsync();
        const string version = "select xmin::text from catalog.entities where ref = 'component:default/same-a'";
        var before = await ScalarAsync(connection, version);
        var reads = platform.Files.Reads;
        await RefreshAsync(root);
        platform.Files.Reads.ShouldBeGreaterThan(reads);
        (await ScalarAsync(connection, version)).ShouldBe(before);
    }

    private async Task<Guid> AddRootAsync(string url)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        // Checked in the future: the service in the background leaves it to the test.
        var root = new RootRow { Id = Guid.NewGuid(), Kind = RootKind.Registered, Type = "url", Target = url, CheckedAt = DateTimeOffset.UtcNow.AddDays(1) };
        db.Roots.Add(root);
        await db.SaveChangesAsync();
        return root.Id;
    }

    private async Task RefreshAsync(Guid root)
    {
        await using var scope = platform.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Ingestor>().RefreshAsync(root, new ReadSession(), default);
        await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Roots.Where(r => r.Id == root)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.CheckedAt, DateTimeOffset.UtcNow.AddDays(1)));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
