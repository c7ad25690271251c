using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Vault;

/// <summary>The parts of Vault's HTTP API that the platform uses.</summary>
internal sealed class VaultClient(VaultTransport transport, VaultToken tokens, IOptionsMonitor<VaultOptions> options)
{
    /// <summary>Has the database engine make a credential (<c>database/creds/{role}</c>). Every call makes another one.</summary>
    public async Task<VaultCredential> CreateDatabaseCredentialAsync(string role, CancellationToken cancellationToken)
    {
        var answer = await SendAsync<VaultCredentialData>(
            HttpMethod.Get, $"{options.CurrentValue.DatabaseMount}/creds/{Uri.EscapeDataString(role)}", null, cancellationToken);
        return new(answer.Data!.Username, answer.Data.Password, answer.LeaseId!, TimeSpan.FromSeconds(answer.LeaseDuration));
    }

    /// <summary>Sets a lease's remaining time, within the limits of its role.</summary>
    /// <returns>The remaining time that Vault gave.</returns>
    public async Task<TimeSpan> RenewLeaseAsync(string leaseId, TimeSpan remaining, CancellationToken cancellationToken)
    {
        var answer = await SendAsync<object>(
            HttpMethod.Post, "sys/leases/renew", new { lease_id = leaseId, increment = (int)remaining.TotalSeconds }, cancellationToken);
        return TimeSpan.FromSeconds(answer.LeaseDuration);
    }

    /// <summary>Ends a lease; returns when what it stood for is gone. A lease that Vault does not know has ended.</summary>
    public async Task RevokeLeaseAsync(string leaseId, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync<object>(HttpMethod.Post, "sys/leases/revoke", new { lease_id = leaseId, sync = true }, cancellationToken);
        }
        catch (VaultException e) when (e.IsUnknownLease)
        {
            // Over already.
        }
    }

    /// <summary>Reads a secret of the key-value store, version 2; null when there is none, or its version was deleted.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>?> ReadSecretAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
            return (await SendAsync<VaultSecretData>(HttpMethod.Get, $"{options.CurrentValue.KvMount}/data/{escaped}", null, cancellationToken)).Data?.Data;
        }
        catch (VaultException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<VaultAnswer<T>> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        try
        {
            return await transport.SendAsync<T>(method, path, body, token, cancellationToken);
        }
        catch (VaultException e) when (e.StatusCode == HttpStatusCode.Forbidden && tokens.Forget(token))
        {
            // The token may have been revoked; what was forbidden to the old one may not be to a new one.
            return await transport.SendAsync<T>(method, path, body, await tokens.GetAsync(cancellationToken), cancellationToken);
        }
    }
}
