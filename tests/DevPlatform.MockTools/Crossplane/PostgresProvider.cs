using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>Makes a claimed <c>PostgreSQLInstance</c> real: the database, and in Vault the roles that give logins to it.</summary>
internal sealed class PostgresProvider(CrossplaneOptions options, PostgresDatabases databases, VaultClient vault)
{
    private static readonly string[] Rights = ["read", "write", "replication", "admin"];

    /// <summary>Makes what is missing; safe to repeat. Returns what the composite resource's status says of it.</summary>
    public async Task<JsonObject> EnsureAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var database = PostgresDatabases.NameOf(@namespace, name);
        var connection = new NpgsqlConnectionStringBuilder(options.Postgres ?? "Host=localhost;Port=5432");
        if (options.Postgres is not null)
        {
            await databases.EnsureAsync(database, cancellationToken);
        }

        if (options.Postgres is not null && options.VaultUrl is not null)
        {
            await ConfigureVaultAsync($"{@namespace}-{name}", database, connection, cancellationToken);
        }

        return new JsonObject
        {
            ["host"] = connection.Host,
            ["port"] = connection.Port,
            ["database"] = new JsonObject
            {
                ["name"] = database,
                ["vaultRoles"] = new JsonObject([.. Rights.Select(r => new KeyValuePair<string, JsonNode?>(r, $"{@namespace}-{name}-{r}"))]),
            },
        };
    }

    /// <summary>Whether both halves are still there: a development Vault forgets everything when it restarts.</summary>
    public async Task<bool> ExistsAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        if (options.Postgres is null)
        {
            return true;
        }

        return await databases.ExistsAsync(PostgresDatabases.NameOf(@namespace, name), cancellationToken)
            && (options.VaultUrl is null || await IsInVaultAsync($"database/roles/{@namespace}-{name}-{Rights[^1]}", cancellationToken));
    }

    public async Task DropAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        if (options.Postgres is null)
        {
            return;
        }

        if (options.VaultUrl is not null && await IsInVaultAsync($"database/config/{@namespace}-{name}", cancellationToken))
        {
            foreach (var right in Rights)
            {
                await vault.WriteAsync($"sys/leases/revoke-prefix/database/creds/{@namespace}-{name}-{right}", new { }, cancellationToken);
                await vault.DeleteAsync($"database/roles/{@namespace}-{name}-{right}", cancellationToken);
            }

            await vault.DeleteAsync($"database/config/{@namespace}-{name}", cancellationToken);
        }

        await databases.DropAsync(PostgresDatabases.NameOf(@namespace, name), cancellationToken);
    }

    private async Task ConfigureVaultAsync(string name, string database, NpgsqlConnectionStringBuilder connection, CancellationToken cancellationToken)
    {
        await MountAsync(cancellationToken);
        var config = new
        {
            plugin_name = "postgresql-database-plugin",
            connection_url = $"postgresql://{{{{username}}}}:{{{{password}}}}@{connection.Host}:{connection.Port}/{database}?sslmode=disable",
            username = connection.Username,
            password = connection.Password,
            allowed_roles = Rights.Select(r => $"{name}-{r}").ToArray(),
        };
        await vault.WriteAsync($"database/config/{name}", config, cancellationToken);
        foreach (var right in Rights)
        {
            var (create, revoke) = PostgresDatabases.LoginStatements(database, right);
            var role = new { db_name = name, creation_statements = create, revocation_statements = revoke, default_ttl = "1h", max_ttl = "8h" };
            await vault.WriteAsync($"database/roles/{name}-{right}", role, cancellationToken);
        }
    }

    private async Task MountAsync(CancellationToken cancellationToken)
    {
        if ((await vault.ReadAsync("sys/mounts", cancellationToken))?["database/"] is null)
        {
            await vault.WriteAsync("sys/mounts/database", new { type = "database" }, cancellationToken);
        }
    }

    private async Task<bool> IsInVaultAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await vault.ReadAsync(path, cancellationToken) is not null;
        }
        catch (HttpRequestException error) when (error.StatusCode == HttpStatusCode.BadRequest || (error.StatusCode == HttpStatusCode.Forbidden && error.Message.Contains("no handler")))
        {
            // Not even the engine is there.
            return false;
        }
    }
}
