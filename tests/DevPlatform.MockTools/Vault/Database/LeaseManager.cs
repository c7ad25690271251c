using DevPlatform.MockTools.Vault.Auth;
using DevPlatform.MockTools.Vault.Core;
using Npgsql;

namespace DevPlatform.MockTools.Vault.Database;

/// <summary>Leases of dynamic credentials: made with a role in the database, gone with it.</summary>
internal sealed class LeaseManager(VaultStore store, DatabasePlugins plugins, TimeProvider time, ILogger<LeaseManager> logger)
{
    public async Task<(Lease Lease, string Password)> IssueAsync(string roleName, DatabaseRole role, DatabaseConnection database, VaultToken token)
    {
        var now = time.GetUtcNow();
        var max = role.MaxTtl > 0 ? role.MaxTtl : TokenStore.SystemTtl;
        var ttl = Math.Min(role.DefaultTtl > 0 ? role.DefaultTtl : TokenStore.SystemTtl, max);
        var username = $"v-{Cut(token.DisplayName)}-{Cut(roleName)}-{TokenStore.Random(20)}-{now.ToUnixTimeSeconds()}";
        var password = $"{TokenStore.Random(8)}-{TokenStore.Random(11)}";
        var lease = new Lease
        {
            Id = $"database/creds/{roleName}/{TokenStore.Random(24)}",
            TokenId = token.Id,
            Database = role.Database,
            Username = username,
            RevocationStatements = role.RevocationStatements,
            RenewStatements = role.RenewStatements,
            Issued = now,
            Expires = now.AddSeconds(ttl),
            DefaultTtl = ttl,
            MaxTtl = max,
        };

        // On record before the role exists: a crash in between leaves a lease without a role, never a role without a lease.
        store.Write(data => data.Leases[lease.Id] = lease);
        try
        {
            await plugins.CreateAsync(database, role.CreationStatements, username, password, lease.Expires);
        }
        catch (NpgsqlException e)
        {
            store.Write(data => data.Leases.Remove(lease.Id));
            throw new VaultException(500, $"1 error occurred:\n\t* failed to execute query: {e.Message}\n\n");
        }

        return (lease, password);
    }

    /// <summary>Unknown or expired: null.</summary>
    public Lease? Find(string id) => store.Read(data => data.Leases.GetValueOrDefault(id)) is { } lease && lease.Expires > time.GetUtcNow()
        ? lease : null;

    public async Task<(Lease Lease, string[]? Warnings)> RenewAsync(Lease lease, long? increment)
    {
        var now = time.GetUtcNow();
        var wanted = increment is > 0 ? increment.Value : lease.DefaultTtl;
        var left = (long)(lease.Issued.AddSeconds(lease.MaxTtl) - now).TotalSeconds;
        var renewed = lease with { Expires = now.AddSeconds(Math.Min(wanted, left)), LastRenewal = now };
        await plugins.RenewAsync(Database(lease), lease.RenewStatements, lease.Username, renewed.Expires);
        store.Write(data => data.Leases[lease.Id] = renewed);
        return (renewed, wanted > left
            ? [$"TTL of \"{wanted}s\" exceeded the effective max_ttl of \"{left}s\"; TTL value is capped accordingly"] : null);
    }

    public async Task RevokeAsync(Lease lease)
    {
        await plugins.RevokeAsync(Database(lease), lease.RevocationStatements, lease.Username);
        store.Write(data => data.Leases.Remove(lease.Id));
    }

    public Task RevokeOfTokensAsync(string[] tokenIds) => RevokeAllAsync(l => tokenIds.Contains(l.TokenId));

    public Task RevokeExpiredAsync() => RevokeAllAsync(l => l.Expires <= time.GetUtcNow());

    /// <summary>Those whose database does not answer stay on record, expired, and are tried again by the sweep.</summary>
    public async Task RevokeAllAsync(Func<Lease, bool> which)
    {
        foreach (var lease in store.Read(data => data.Leases.Values.Where(which).ToArray()))
        {
            try
            {
                await RevokeAsync(lease);
            }
            catch (Exception e) when (e is NpgsqlException or VaultException)
            {
                logger.LogWarning("Lease {Lease} could not be revoked, will be tried again: {Message}", lease.Id, e.Message);
                store.Write(data => data.Leases[lease.Id] = lease with { Expires = time.GetUtcNow() });
            }
        }
    }

    private DatabaseConnection Database(Lease lease) =>
        store.Read(data => data.Databases.GetValueOrDefault(lease.Database))
            ?? throw new VaultException(500, $"failed to find entry for connection with name: \"{lease.Database}\"");

    private static string Cut(string text) => text.Length <= 8 ? text : text[..8];
}

/// <summary>Ends what has run out, tokens first: their leases die with them.</summary>
internal sealed class ExpirySweep(LeaseManager leases, TokenStore tokens, VaultStore store, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        do
        {
            foreach (var token in tokens.Expired())
            {
                await leases.RevokeOfTokensAsync(tokens.Remove(token));
            }

            await leases.RevokeExpiredAsync();
            if (store.Read(data => data.Wrapped.Any(w => w.Value.Expires <= time.GetUtcNow())))
            {
                store.Write(data => data.Wrapped.Where(w => w.Value.Expires <= time.GetUtcNow()).Select(w => w.Key).ToList()
                    .ForEach(k => data.Wrapped.Remove(k)));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
