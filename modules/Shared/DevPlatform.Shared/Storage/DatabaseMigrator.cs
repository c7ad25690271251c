using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Shared.Storage;

/// <summary>
/// Brings every module's schema up to date. Replicas that start together wait for one another on an advisory lock, so each migration runs
/// once.
/// </summary>
public sealed class DatabaseMigrator(
    NpgsqlDataSource dataSource, IServiceScopeFactory scopes, IEnumerable<ModuleDbContext> contexts, ILogger<DatabaseMigrator> logger)
{
    private const string LockName = "devplatform:migrate";

    /// <summary>Applies what is missing; does nothing on a migrated database.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_advisory_lock(hashtextextended($1, 0))", connection))
        {
            take.CommandTimeout = 0;
            take.Parameters.AddWithValue(LockName);
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        // The lock ends with the connection's session; the pool resets it on return.
        await using var scope = scopes.CreateAsyncScope();
        foreach (var module in contexts)
        {
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(module.ContextType);
            var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count > 0)
            {
                logger.LogInformation("Migrating schema {Schema}: {Migrations}", module.Schema, string.Join(", ", pending));
                await context.Database.MigrateAsync(cancellationToken);
            }
        }

        await using var release = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended($1, 0))", connection);
        release.Parameters.AddWithValue(LockName);
        await release.ExecuteNonQueryAsync(cancellationToken);
    }
}
