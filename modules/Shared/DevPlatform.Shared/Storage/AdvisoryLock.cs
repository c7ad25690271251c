using Npgsql;

namespace DevPlatform.Shared.Storage;

/// <summary>
/// A PostgreSQL advisory lock held by a connection of its own. Disposing frees it; so does the death of this process or of the connection.
/// </summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    private readonly string _name;

    private AdvisoryLock(NpgsqlConnection connection, string name) => (Connection, _name) = (connection, name);

    /// <summary>The connection that holds the lock.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Waits for the lock.</summary>
    public static async Task<AdvisoryLock> TakeAsync(NpgsqlDataSource dataSource, string name, CancellationToken cancellationToken) =>
        await TakeAsync(dataSource, name, "select true from pg_advisory_lock(hashtextextended($1, 0))", cancellationToken)
        ?? throw new InvalidOperationException("unreachable: the statement returns when it has the lock");

    /// <summary>The lock, or null when another session has it.</summary>
    public static Task<AdvisoryLock?> TryTakeAsync(NpgsqlDataSource dataSource, string name, CancellationToken cancellationToken) =>
        TakeAsync(dataSource, name, "select pg_try_advisory_lock(hashtextextended($1, 0))", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Not left to closing: a connection that goes back to the pool keeps its session, and with it the lock, until it is used again.
            await using var release = Command(Connection, "select pg_advisory_unlock(hashtextextended($1, 0))", _name);
            await release.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }

        await Connection.DisposeAsync();
    }

    private static async Task<AdvisoryLock?> TakeAsync(NpgsqlDataSource dataSource, string name, string sql, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var take = Command(connection, sql, name);
            if (await take.ExecuteScalarAsync(cancellationToken) is true)
            {
                return new AdvisoryLock(connection, name);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string name)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(name);
        return command;
    }
}
