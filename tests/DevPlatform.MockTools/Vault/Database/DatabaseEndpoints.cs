using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Database;

/// <summary>The database secrets engine, mounted at <c>database/</c>.</summary>
internal sealed class DatabaseEndpoints(VaultStore store, DatabasePlugins plugins, LeaseManager leases)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<DatabaseEndpoints>(services);
        v1.MapPost("/database/config/{name}", endpoints.ConfigureAsync);
        v1.MapGet("/database/config/{name}", endpoints.ReadConfig);
        v1.MapDelete("/database/config/{name}", (string name) => endpoints.Delete(d => d.Databases.Remove(name)));
        v1.MapMethods("/database/config", ["LIST"], () => endpoints.Keys(d => d.Databases.Keys));
        v1.MapPost("/database/roles/{name}", endpoints.PutRoleAsync);
        v1.MapGet("/database/roles/{name}", endpoints.ReadRole);
        v1.MapDelete("/database/roles/{name}", (string name) => endpoints.Delete(d => d.DatabaseRoles.Remove(name)));
        v1.MapMethods("/database/roles", ["LIST"], () => endpoints.Keys(d => d.DatabaseRoles.Keys));
        v1.MapGet("/database/creds/{name}", endpoints.CredentialsAsync);
    }

    private async Task<Answer> ConfigureAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var existing = store.Read(data => data.Databases.GetValueOrDefault(name));
        var plugName = body.Text("plugin_name") ?? existing?.PluginName ?? throw new VaultException(400, "empty plugin name");
        if (!DatabasePlugins.Names.Contains(plugName))
        {
            throw new VaultException(400,
                $"error creating database object: unable to find plugin \"{plugName}\"; allowed here: {string.Join(", ", DatabasePlugins.Names)}");
        }

        var database = new DatabaseConnection(
            body.Text("connection_url") ?? existing?.ConnectionUrl, body.Text("username") ?? existing?.Username, body.Text("password")
                ?? existing?.Password,
            body.List("allowed_roles") ?? existing?.AllowedRoles ?? [], plugName);
        if (body.Flag("verify_connection") ?? true)
        {
            await plugins.VerifyAsync(database);
        }

        store.Write(data => data.Databases[name] = database);
        return Answer.Nothing;
    }

    private Answer ReadConfig(string name) => store.Read(data => data.Databases.GetValueOrDefault(name)) is { } database
        ? new Answer(new
        {
            plugin_name = database.PluginName,
            plugin_version = "",
            allowed_roles = database.AllowedRoles,
            connection_details = new { connection_url = database.ConnectionUrl ?? "", username = database.Username ?? "" },
            password_policy = "",
            root_credentials_rotate_statements = Array.Empty<string>(),
        }, MountType: "database")
        : throw VaultException.Missing();

    private async Task<Answer> PutRoleAsync(HttpContext http, string name)
    {
        var body = await Body.ReadAsync(http.Request);
        var existing = store.Read(data => data.DatabaseRoles.GetValueOrDefault(name));
        var role = new DatabaseRole(
            body.Text("db_name") ?? existing?.Database ?? throw new VaultException(400, "empty database name attribute"),
            body.Statements("creation_statements") ?? existing?.CreationStatements ?? [],
            body.Statements("revocation_statements") ?? existing?.RevocationStatements ?? [],
            body.Statements("renew_statements") ?? existing?.RenewStatements ?? [],
            body.Statements("rollback_statements") ?? existing?.RollbackStatements ?? [],
            body.Duration("default_ttl") ?? existing?.DefaultTtl ?? 0,
            body.Duration("max_ttl") ?? existing?.MaxTtl ?? 0);
        if (role.MaxTtl > 0 && role.DefaultTtl > role.MaxTtl)
        {
            throw new VaultException(400, "default_ttl cannot be greater than max_ttl");
        }

        store.Write(data => data.DatabaseRoles[name] = role);
        return Answer.Nothing;
    }

    private Answer ReadRole(string name) => store.Read(data => data.DatabaseRoles.GetValueOrDefault(name)) is { } role
        ? new Answer(new
        {
            db_name = role.Database,
            creation_statements = role.CreationStatements,
            revocation_statements = role.RevocationStatements,
            renew_statements = role.RenewStatements,
            rollback_statements = role.RollbackStatements,
            default_ttl = role.DefaultTtl,
            max_ttl = role.MaxTtl,
            credential_type = "password",
        }, MountType: "database")
        : throw VaultException.Missing();

    private async Task<Answer> CredentialsAsync(HttpContext http, string name)
    {
        var role = store.Read(data => data.DatabaseRoles.GetValueOrDefault(name)) ?? throw new VaultException(400, $"unknown role: {name}");
        var database = store.Read(data => data.Databases.GetValueOrDefault(role.Database))
            ?? throw new VaultException(500, $"1 error occurred:\n\t* failed to find entry for connection with name: \"{role.Database}\"\n\n");
        if (!database.AllowedRoles.Any(allowed => allowed == "*" || allowed == name
            || (allowed.EndsWith('*') && name.StartsWith(allowed[..^1], StringComparison.Ordinal))))
        {
            throw new VaultException(500, $"1 error occurred:\n\t* \"{name}\" is not an allowed role\n\n");
        }

        if (role.CreationStatements.Length == 0)
        {
            throw new VaultException(500, "1 error occurred:\n\t* empty creation statements\n\n");
        }

        var (lease, password) = await leases.IssueAsync(name, role, database, Gate.TokenOf(http));
        return new Answer(new { username = lease.Username, password }, LeaseId: lease.Id, Renewable: true,
            LeaseDuration: (long)(lease.Expires - lease.Issued).TotalSeconds, MountType: "database");
    }

    private Answer Keys(Func<VaultData, IEnumerable<string>> select) =>
        store.Read(data => select(data).Order(StringComparer.Ordinal).ToArray()) is { Length: > 0 } keys
        ? new Answer(new { keys }, MountType: "database")
        : throw VaultException.Missing();

    private Answer Delete(Func<VaultData, bool> remove)
    {
        store.Write(remove);
        return Answer.Nothing;
    }
}
