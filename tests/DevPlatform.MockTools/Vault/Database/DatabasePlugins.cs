using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Database;

/// <summary>
/// The database plugins. PostgreSQL's makes real roles; of the other engines no server is here: their credentials have leases and end like the real
/// ones, and no server knows them.
/// </summary>
internal sealed class DatabasePlugins(PostgresPlugin postgres)
{
    private const string Postgres = "postgresql-database-plugin";

    public static readonly IReadOnlyList<string> Names = [Postgres, "mongodb-database-plugin", "redis-database-plugin", "clickhouse-database-plugin"];

    public Task VerifyAsync(DatabaseConnection database) => database.PluginName == Postgres
        ? postgres.VerifyAsync(database)
        : throw new VaultException(400, $"error creating database object: error verifying connection: no {database.PluginName[..database.PluginName.IndexOf('-')]} server answers");

    public Task CreateAsync(DatabaseConnection database, string[] statements, string username, string password, DateTimeOffset expires) =>
        database.PluginName == Postgres ? postgres.CreateAsync(database, statements, username, password, expires) : Task.CompletedTask;

    public Task RenewAsync(DatabaseConnection database, string[] statements, string username, DateTimeOffset expires) =>
        database.PluginName == Postgres ? postgres.RenewAsync(database, statements, username, expires) : Task.CompletedTask;

    public Task RevokeAsync(DatabaseConnection database, string[] statements, string username) =>
        database.PluginName == Postgres ? postgres.RevokeAsync(database, statements, username) : Task.CompletedTask;
}
