using System.Globalization;
using DevPlatform.MockTools.Vault.Core;
using Npgsql;

namespace DevPlatform.MockTools.Vault.Database;

/// <summary>What Vault's <c>postgresql-database-plugin</c> does: real roles in a real server.</summary>
internal sealed class PostgresPlugin(IConfiguration configuration)
{
    /// <summary>
    /// The server of a database configuration: its <c>connection_url</c> (<c>postgresql://{{username}}:{{password}}@host:port/db</c>), or
    /// <c>ConnectionStrings__postgres</c> when it has none.
    /// </summary>
    public string ConnectionString(DatabaseConnection database)
    {
        if (database.ConnectionUrl is not { Length: > 0 } url)
        {
            return configuration.GetConnectionString("postgres") ?? throw new VaultException(400, "connection_url cannot be empty");
        }

        if (!url.Contains("://", StringComparison.Ordinal))
        {
            return Fill(url, database, value => value);
        }

        if (!Uri.TryCreate(Fill(url, database, Uri.EscapeDataString), UriKind.Absolute, out var uri)
            || uri.Scheme is not ("postgresql" or "postgres"))
        {
            throw new VaultException(400, $"error creating database object: invalid connection_url \"{url}\"");
        }

        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Timeout = 5,
        }.ConnectionString;
    }

    public async Task VerifyAsync(DatabaseConnection database)
    {
        try
        {
            await using var connection = await OpenAsync(ConnectionString(database));
        }
        catch (NpgsqlException e)
        {
            throw new VaultException(400, $"error creating database object: error verifying connection: {e.Message}");
        }
    }

    public async Task CreateAsync(DatabaseConnection database, string[] statements, string username, string password, DateTimeOffset expires) =>
        await RunAsync(ConnectionString(database), statements.Select(s => Render(s, username, password, expires)));

    public async Task RenewAsync(DatabaseConnection database, string[] statements, string username, DateTimeOffset expires) =>
        await RunAsync(ConnectionString(database),
            (statements.Length > 0 ? statements : ["""ALTER ROLE "{{name}}" VALID UNTIL '{{expiration}}';"""])
            .Select(s => Render(s, username, "", expires)));

    /// <summary>Ends the role's sessions, then drops it with what it owns. A role that is gone already is fine: revocation is repeated until it works.</summary>
    public async Task RevokeAsync(DatabaseConnection database, string[] statements, string username)
    {
        var target = ConnectionString(database);
        await using var connection = await OpenAsync(target);
        await using var exists =
            new NpgsqlCommand("SELECT count(*) FROM pg_roles WHERE rolname = $1",
            connection)
            { Parameters = { new() { Value = username } } };
        if ((long)(await exists.ExecuteScalarAsync())! == 0)
        {
            return;
        }

        await RunAsync(target, [Render("""ALTER ROLE "{{name}}" NOLOGIN;""", username, "", default)]);
        await using var kick = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1",
            connection)
        { Parameters = { new() { Value = username } } };
        await kick.ExecuteNonQueryAsync();
        await RunAsync(target, (statements.Length > 0 ? statements
            : ["""REASSIGN OWNED BY "{{name}}" TO CURRENT_USER; DROP OWNED BY "{{name}}"; DROP ROLE IF EXISTS "{{name}}";"""])
            .Select(s => Render(s, username, "", default)));
    }

    private static async Task RunAsync(string target, IEnumerable<string> statements)
    {
        await using var connection = await OpenAsync(target);
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    private static async Task<NpgsqlConnection> OpenAsync(string target)
    {
        // Unpooled: an idle pooled connection would keep others from dropping the database.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static string Render(string statement, string username, string password, DateTimeOffset expires) => statement
        .Replace("{{name}}", username).Replace("{{username}}", username).Replace("{{password}}", password)
        .Replace("{{expiration}}", expires.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss+0000", CultureInfo.InvariantCulture));

    private static string Fill(string url, DatabaseConnection database, Func<string, string> escape) => url
        .Replace("{{username}}", escape(database.Username ?? "")).Replace("{{password}}", escape(database.Password ?? ""));
}
