using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>
/// The real database behind a claim: an owner role, a database of its own that nobody else may enter, and groups for reading and writing whose
/// rights hold for every table the owner makes.
/// </summary>
internal sealed class PostgresDatabases(CrossplaneOptions options)
{
    /// <summary>The database of a claim. Different claims have different ones: where the plain name could be two claims', a hash is added.</summary>
    public static string NameOf(string @namespace, string name)
    {
        var plain = $"{@namespace}__{name}".Replace('-', '_').Replace('.', '_');
        if (plain.Length <= 50 && !$"{@namespace}/{name}".Contains("--") && !name.Contains('.'))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{@namespace}/{name}")))[..8];
        return $"{plain[..Math.Min(plain.Length, 40)]}_{hash}";
    }

    public async Task EnsureAsync(string database, CancellationToken cancellationToken)
    {
        var (owner, read, write) = Roles(database);
        await using (var server = await OpenAsync(null, cancellationToken))
        {
            foreach (var role in (string[])[owner, read, write])
            {
                await RunAsync(server, $"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE \"{role}\" NOLOGIN; END IF; END $$", cancellationToken);
            }

            if (!await ExistsAsync(server, database, cancellationToken))
            {
                // template0: a session in template1 would be in the way.
                await RunAsync(server, $"CREATE DATABASE \"{database}\" OWNER \"{owner}\" TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
            }

            await RunAsync(server, $"REVOKE ALL ON DATABASE \"{database}\" FROM PUBLIC; GRANT CONNECT ON DATABASE \"{database}\" TO \"{read}\", \"{write}\"", cancellationToken);
        }

        await using var inside = await OpenAsync(database, cancellationToken);
        await RunAsync(
            inside,
            $"""
            ALTER SCHEMA public OWNER TO "{owner}";
            GRANT USAGE ON SCHEMA public TO "{read}", "{write}";
            ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT SELECT ON TABLES TO "{read}";
            ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{write}";
            ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO "{write}";
            """,
            cancellationToken);
    }

    public async Task<bool> ExistsAsync(string database, CancellationToken cancellationToken)
    {
        await using var server = await OpenAsync(null, cancellationToken);
        return await ExistsAsync(server, database, cancellationToken);
    }

    /// <summary>Drops the database with whoever is in it, then the roles.</summary>
    public async Task DropAsync(string database, CancellationToken cancellationToken)
    {
        var (owner, read, write) = Roles(database);
        await using var server = await OpenAsync(null, cancellationToken);
        await RunAsync(server, $"DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)", cancellationToken);
        foreach (var role in (string[])[read, write, owner])
        {
            await RunAsync(server, $"DROP ROLE IF EXISTS \"{role}\"", cancellationToken);
        }
    }

    /// <summary>Statements by which Vault makes and removes a login with the given right; Vault fills in the braces.</summary>
    public static (string[] Create, string[] Revoke) LoginStatements(string database, string right)
    {
        var (owner, read, write) = Roles(database);
        var group = right switch { "read" or "replication" => read, "write" => write, _ => owner };
        string[] create = [$"CREATE ROLE \"{{{{name}}}}\" WITH LOGIN{(right == "replication" ? " REPLICATION" : "")} PASSWORD '{{{{password}}}}' VALID UNTIL '{{{{expiration}}}}' IN ROLE \"{group}\""];
        if (right == "admin")
        {
            // What an admin makes belongs to the owner role, so that it outlives the login and the groups' rights hold for it.
            create = [.. create, $"GRANT CONNECT ON DATABASE \"{database}\" TO \"{{{{name}}}}\"", $"ALTER ROLE \"{{{{name}}}}\" SET role = '{owner}'"];
        }

        string[] revoke =
        [
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'",
            $"REVOKE ALL ON DATABASE \"{database}\" FROM \"{{{{name}}}}\"",
            $"REASSIGN OWNED BY \"{{{{name}}}}\" TO \"{owner}\"",
            "DROP OWNED BY \"{{name}}\"",
            "DROP ROLE IF EXISTS \"{{name}}\"",
        ];
        return (create, revoke);
    }

    private static (string Owner, string Read, string Write) Roles(string database) => ($"{database}_owner", $"{database}_read", $"{database}_write");

    private async Task<NpgsqlConnection> OpenAsync(string? database, CancellationToken cancellationToken)
    {
        // No pool: a kept connection would be in the way of dropping the database.
        var builder = new NpgsqlConnectionStringBuilder(options.Postgres) { Pooling = false, Timeout = 5 };
        builder.Database = database ?? builder.Database ?? "postgres";
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection server, string database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", server) { Parameters = { new() { Value = database } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
