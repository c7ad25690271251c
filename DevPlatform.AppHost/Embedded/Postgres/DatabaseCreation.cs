using Npgsql;

namespace DevPlatform.AppHost.Embedded.Postgres;

internal static class DatabaseCreation
{
    public static async Task EnsureAsync(PostgresDatabaseResource database, CancellationToken cancellationToken)
    {
        var server = await database.Parent.ConnectionStringExpression.GetValueAsync(cancellationToken);
        await using var source = NpgsqlDataSource.Create($"{server};Database=postgres;Pooling=false");
        await using var exists = source.CreateCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)");
        exists.Parameters.Add(new() { Value = database.DatabaseName });
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            await using var create = source.CreateCommand($"CREATE DATABASE \"{database.DatabaseName.Replace("\"", "\"\"")}\"");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
