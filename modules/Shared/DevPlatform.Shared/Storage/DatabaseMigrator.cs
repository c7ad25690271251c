using System.Reflection;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine.Runtime;

namespace DevPlatform.Shared.Storage;

/// <summary>The database lacks migrations of this version.</summary>
public sealed class DatabaseNotMigratedException(string message) : Exception(message);

/// <summary>
/// Brings the schemas of every module and of the messages up to date. Replicas that start together wait for one another on an advisory
/// lock, so each migration runs once.
/// </summary>
public sealed class DatabaseMigrator(
    NpgsqlDataSource dataSource,
    IServiceScopeFactory scopes,
    IEnumerable<ModuleDbContext> contexts,
    IWolverineRuntime wolverine,
    ILogger<DatabaseMigrator> logger)
{
    private const string LockName = "devplatform:migrate";

    // Comparing the message tables takes a second, and what they must be depends on nothing but these two.
    private static readonly string MessagesVersion =
        $"WolverineFx {typeof(IWolverineRuntime).Assembly.GetName().Version}, {typeof(PlatformMessagingExtensions).Module.ModuleVersionId}";

    /// <summary>Applies what is missing; does nothing on a migrated database.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var held = await AdvisoryLock.TakeAsync(dataSource, LockName, cancellationToken);
        foreach (var (module, pending) in await PendingAsync(held.Connection, cancellationToken))
        {
            logger.LogInformation("Migrating schema {Schema}: {Migrations}", module.Schema, string.Join(", ", pending));
            await using var scope = scopes.CreateAsyncScope();
            await Context(scope, module).Database.MigrateAsync(cancellationToken);
        }

        if (await MessagesVersionAsync(held.Connection, cancellationToken) != MessagesVersion)
        {
            await wolverine.Storage.Admin.MigrateAsync();
            await using var remember = new NpgsqlCommand($"comment on schema {PlatformMessagingExtensions.Schema} is '{MessagesVersion}'", held.Connection);
            await remember.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>For a start without migrating.</summary>
    /// <exception cref="DatabaseNotMigratedException">Something is missing; says what, and what to run.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var missing = (await PendingAsync(connection, cancellationToken)).SelectMany(p => p.Pending.Select(m => $"{p.Module.Schema}/{m}")).ToList();
        if (!await ExistsAsync(connection, $"{PlatformMessagingExtensions.Schema}.wolverine_nodes", cancellationToken))
        {
            missing.Add(PlatformMessagingExtensions.Schema);
        }

        if (missing.Count > 0)
        {
            throw new DatabaseNotMigratedException($"the database lacks {string.Join(", ", missing)}; run \"DevPlatform.Api migrate\" first");
        }
    }

    // Without EF, which would build every module's model first: a start that has nothing to migrate should not wait for that.
    private async Task<List<(ModuleDbContext Module, List<string> Pending)>> PendingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var all = new List<(ModuleDbContext, List<string>)>();
        foreach (var module in contexts)
        {
            var applied = await AppliedAsync(connection, $"{module.Schema}.{ModuleDbContextExtensions.HistoryTable}", cancellationToken);
            var pending = MigrationsOf(module.ContextType).Where(m => !applied.Contains(m)).ToList();
            if (pending.Count > 0)
            {
                all.Add((module, pending));
            }
        }

        return all;
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, string history, CancellationToken cancellationToken)
    {
        var applied = new HashSet<string>();
        if (await ExistsAsync(connection, history, cancellationToken))
        {
            await using var read = new NpgsqlCommand($"select \"MigrationId\" from {history}", connection);
            await using var rows = await read.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                applied.Add(rows.GetString(0));
            }
        }

        return applied;
    }

    private static IEnumerable<string> MigrationsOf(Type context) =>
        from type in context.Assembly.GetTypes()
        where type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context
        let migration = type.GetCustomAttribute<MigrationAttribute>()
        where migration is not null
        orderby migration.Id
        select migration.Id;

    private static async Task<string?> MessagesVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select obj_description(to_regnamespace($1)::oid, 'pg_namespace')", connection);
        command.Parameters.AddWithValue(PlatformMessagingExtensions.Schema);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select to_regclass($1) is not null", connection);
        command.Parameters.AddWithValue(table);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static DbContext Context(AsyncServiceScope scope, ModuleDbContext module) =>
        (DbContext)scope.ServiceProvider.GetRequiredService(module.ContextType);
}
