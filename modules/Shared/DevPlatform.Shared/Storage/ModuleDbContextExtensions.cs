using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace DevPlatform.Shared.Storage;

/// <summary>A module's DbContext, for what must visit all of them (migrations).</summary>
/// <param name="ContextType">The DbContext.</param>
/// <param name="Schema">Its PostgreSQL schema.</param>
public sealed record ModuleDbContext(Type ContextType, string Schema);

/// <summary>Registration of a module's storage.</summary>
public static class ModuleDbContextExtensions
{
    /// <summary>The table, in the module's schema, that says which migrations ran.</summary>
    public const string HistoryTable = "__ef_migrations";

    /// <summary>
    /// Adds the module's DbContext on the platform's data source, with its migrations history in its own schema. There is no retrying
    /// execution strategy: the outbox needs its own transactions, and messages are retried as a whole.
    /// </summary>
    public static IHostApplicationBuilder AddModuleDbContext<TDbContext>(this IHostApplicationBuilder builder, string schema)
        where TDbContext : DbContext
    {
        builder.Services.AddSingleton(new ModuleDbContext(typeof(TDbContext), schema));
        builder.Services.AddDbContext<TDbContext>(
            (services, options) => options.UseNpgsql(
                services.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema)),
            optionsLifetime: ServiceLifetime.Singleton);
        return builder;
    }
}
