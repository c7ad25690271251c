using System.Text.Json;
using DevPlatform.MockTools.Vault.Core;
using Npgsql;

namespace DevPlatform.MockTools.Vault.Database;

/// <summary><c>sys/leases/*</c>; the id may be in the body or in the path.</summary>
internal sealed class LeaseEndpoints(LeaseManager leases, VaultStore store, TimeProvider time)
{
    public static void Map(RouteGroupBuilder v1, IServiceProvider services)
    {
        var endpoints = ActivatorUtilities.CreateInstance<LeaseEndpoints>(services);
        v1.MapPost("/sys/leases/lookup", (Delegate)endpoints.LookupAsync);
        v1.MapMethods("/sys/leases/lookup/{**prefix}", ["LIST"], (string? prefix) => endpoints.List(prefix ?? "")).WithMetadata(new NeedsSudo());
        v1.MapPost("/sys/leases/renew/{**id}", endpoints.RenewAsync);
        v1.MapPost("/sys/leases/revoke/{**id}", endpoints.RevokeAsync);
        v1.MapPost("/sys/leases/revoke-prefix/{**prefix}", (string prefix) => endpoints.RevokePrefixAsync(prefix)).WithMetadata(new NeedsSudo());
        v1.MapPost("/sys/leases/revoke-force/{**prefix}", (string prefix) => endpoints.RevokePrefixAsync(prefix, force: true))
            .WithMetadata(new NeedsSudo());
    }

    private async Task<Answer> LookupAsync(HttpContext http)
    {
        var lease = leases.Find(Id(await Body.ReadAsync(http.Request), null)) ?? throw new VaultException(400, "invalid lease");
        return new Answer(new
        {
            id = lease.Id,
            issue_time = lease.Issued,
            expire_time = lease.Expires,
            last_renewal = lease.LastRenewal,
            renewable = true,
            ttl = Remaining(lease),
        });
    }

    /// <summary>Folder by folder, like KV's list.</summary>
    private Answer List(string prefix)
    {
        var folder = prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/";
        var keys = store.Read(data => data.Leases.Keys.Where(k => k.StartsWith(folder, StringComparison.Ordinal)).Select(k => k[folder.Length..])
            .Select(k => k.IndexOf('/') is >= 0 and var slash ? k[..(slash + 1)] : k).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToArray());
        return keys.Length > 0 ? new Answer(new { keys }) : throw VaultException.Missing();
    }

    private async Task<Answer> RenewAsync(HttpContext http, string? id)
    {
        var body = await Body.ReadAsync(http.Request);
        var (lease, warnings) = await leases.RenewAsync(leases.Find(Id(body, id)) ?? throw new VaultException(400, "lease not found"),
            body.Duration("increment"));
        return new Answer(LeaseId: lease.Id, Renewable: true, LeaseDuration: Remaining(lease), Warnings: warnings);
    }

    /// <summary>Waits for the database either way; without <c>sync</c> the answer is 202 as with the real server, which queues.</summary>
    private async Task<IResult> RevokeAsync(HttpContext http, string? id)
    {
        var body = await Body.ReadAsync(http.Request);
        var lease = leases.Find(Id(body, id)) ?? throw new VaultException(400, "invalid lease");
        try
        {
            await leases.RevokeAsync(lease);
        }
        catch (NpgsqlException e)
        {
            throw new VaultException(400, $"failed to revoke entry: resp: (*logical.Response)(nil) err: {e.Message}");
        }

        return body.Flag("sync") == true ? Results.NoContent() : Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private async Task<Answer> RevokePrefixAsync(string prefix, bool force = false)
    {
        var folder = prefix.EndsWith('/') ? prefix : prefix + "/";
        bool Below(Lease lease) => lease.Id == prefix || lease.Id.StartsWith(folder, StringComparison.Ordinal);
        await leases.RevokeAllAsync(Below);
        if (force)
        {
            // The operator's way out when a database is gone for good.
            store.Write(data => data.Leases.Values.Where(Below).ToList().ForEach(l => data.Leases.Remove(l.Id)));
        }

        return Answer.Nothing;
    }

    private static string Id(JsonElement body, string? fromPath) => body.Text("lease_id") is { Length: > 0 } id ? id
        : fromPath is { Length: > 0 } ? fromPath : throw new VaultException(400, "lease_id must be specified");

    private long Remaining(Lease lease) => Math.Max(0, (long)Math.Ceiling((lease.Expires - time.GetUtcNow()).TotalSeconds));
}
