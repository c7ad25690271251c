using System.Security.Cryptography;
using DevPlatform.MockTools.Vault.Core;

namespace DevPlatform.MockTools.Vault.Auth;

/// <summary>Makes, finds, renews and ends tokens. A token takes its children and leases along when it ends.</summary>
internal sealed class TokenStore
{
    /// <summary>32 days: Vault's default and maximum lease.</summary>
    public const long SystemTtl = 768 * 3600;

    private readonly VaultStore _store;
    private readonly TimeProvider _time;

    public TokenStore(VaultStore store, TimeProvider time, IConfiguration configuration)
    {
        (_store, _time) = (store, time);
        var root = configuration["Vault:RootToken"] is { Length: > 0 } set ? set : "root";
        store.Write(data => data.Tokens.TryAdd(root, new VaultToken
        {
            Id = root,
            Accessor = Random(24),
            Policies = ["root"],
            DisplayName = "root",
            Path = "auth/token/root",
            Issued = time.GetUtcNow(),
        }));
    }

    public static string Random(int length) =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    public VaultToken Create(string[] policies, string? parent, string displayName, string path, long ttl, long maxTtl, bool renewable,
        int numUses = 0, Dictionary<string, string>? meta = null, long explicitMaxTtl = 0, string? id = null)
    {
        var now = _time.GetUtcNow();
        var limit = explicitMaxTtl > 0 ? Math.Min(maxTtl, explicitMaxTtl) : maxTtl;
        var lifetime = Math.Min(ttl, limit);
        var token = new VaultToken
        {
            Id = id ?? $"hvs.{Random(90)}",
            Accessor = Random(24),
            Policies = policies,
            Parent = parent,
            DisplayName = displayName,
            Path = path,
            Meta = meta ?? [],
            Issued = now,
            Expires = lifetime > 0 ? now.AddSeconds(lifetime) : null,
            CreationTtl = lifetime,
            MaxTtl = limit,
            ExplicitMaxTtl = explicitMaxTtl,
            Renewable = renewable && lifetime > 0,
            NumUses = numUses,
        };
        return _store.Write(data => data.Tokens.TryAdd(token.Id, token)) ? token
            : throw new VaultException(400, "cannot create a token with a duplicate ID");
    }

    /// <summary>The token of a request; one with limited uses is used up by it.</summary>
    public VaultToken Use(string? id)
    {
        if (id is null)
        {
            throw VaultException.PermissionDenied();
        }

        var token = Find(id) ?? throw new VaultException(403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
        if (token.NumUses > 0)
        {
            // The last use leaves an expired token behind, which the sweep removes together with its leases.
            _store.Write(data => data.Tokens[id] = token.NumUses == 1 ? token with { Expires = _time.GetUtcNow(), NumUses = -1 }
                : token with { NumUses = token.NumUses - 1 });
        }

        return token;
    }

    public VaultToken? Find(string id) => _store.Read(data => data.Tokens.GetValueOrDefault(id)) is { } token
        && (token.Expires is null || token.Expires > _time.GetUtcNow()) ? token : null;

    public VaultToken? FindByAccessor(string accessor) =>
        _store.Read(data => data.Tokens.Values.FirstOrDefault(t => t.Accessor == accessor)) is { } token ? Find(token.Id) : null;

    public (VaultToken Token, string[]? Warnings) Renew(VaultToken token, long? increment)
    {
        if (!token.Renewable)
        {
            throw new VaultException(400, "lease is not renewable");
        }

        var wanted = increment is > 0 ? increment.Value : token.CreationTtl;
        var left = (long)(token.Issued.AddSeconds(token.MaxTtl) - _time.GetUtcNow()).TotalSeconds;
        var renewed = token with { Expires = _time.GetUtcNow().AddSeconds(Math.Min(wanted, left)) };
        _store.Write(data => data.Tokens[token.Id] = renewed);
        return (renewed, wanted > left
            ? [$"TTL of \"{wanted}s\" exceeded the effective max_ttl of \"{left}s\"; TTL value is capped accordingly"] : null);
    }

    /// <summary>Removes a token and its descendants and says which they were.</summary>
    public string[] Remove(string id, bool orphanChildren = false) => _store.Write(data =>
    {
        List<string> removed = [id];
        if (orphanChildren)
        {
            foreach (var child in data.Tokens.Values.Where(t => t.Parent == id).ToArray())
            {
                data.Tokens[child.Id] = child with { Parent = null };
            }
        }

        for (var i = 0; i < removed.Count; i++)
        {
            removed.AddRange(data.Tokens.Values.Where(t => t.Parent == removed[i]).Select(t => t.Id));
        }

        removed.ForEach(t => data.Tokens.Remove(t));
        return removed.ToArray();
    });

    public string[] Expired() => _store.Read(data => data.Tokens.Values.Where(t => t.Expires <= _time.GetUtcNow()).Select(t => t.Id).ToArray());

    public object AuthBlock(VaultToken token) => new
    {
        client_token = token.Id,
        accessor = token.Accessor,
        policies = token.Policies,
        token_policies = token.Policies,
        identity_policies = Array.Empty<string>(),
        metadata = token.Meta,
        lease_duration = RemainingSeconds(token),
        renewable = token.Renewable,
        entity_id = "",
        token_type = "service",
        orphan = token.Parent is null,
        mfa_requirement = (object?)null,
        num_uses = Math.Max(token.NumUses, 0),
    };

    public object Describe(VaultToken token) => new
    {
        id = token.Id,
        accessor = token.Accessor,
        policies = token.Policies,
        ttl = RemainingSeconds(token),
        creation_time = token.Issued.ToUnixTimeSeconds(),
        creation_ttl = token.CreationTtl,
        expire_time = token.Expires,
        issue_time = token.Issued,
        explicit_max_ttl = token.ExplicitMaxTtl,
        renewable = token.Renewable,
        path = token.Path,
        meta = token.Meta.Count == 0 ? null : token.Meta,
        num_uses = Math.Max(token.NumUses, 0),
        orphan = token.Parent is null,
        type = "service",
        entity_id = "",
        display_name = token.DisplayName,
    };

    private long RemainingSeconds(VaultToken token) => token.Expires is { } expires
        ? Math.Max(0, (long)Math.Ceiling((expires - _time.GetUtcNow()).TotalSeconds)) : 0;
}
