namespace DevPlatform.MockTools.Vault.Core;

/// <summary>Everything the server remembers; written to <c>Vault__Data</c> as JSON when that is set.</summary>
internal sealed class VaultData
{
    public Dictionary<string, VaultToken> Tokens { get; init; } = [];

    public Dictionary<string, Lease> Leases { get; init; } = [];

    /// <summary>ACL policies by name, in Vault's HCL.</summary>
    public Dictionary<string, string> Policies { get; init; } = [];

    public Dictionary<string, KubernetesRole> KubernetesRoles { get; init; } = [];

    public Dictionary<string, KvSecret> Secrets { get; init; } = [];

    public Dictionary<string, DatabaseConnection> Databases { get; init; } = [];

    public Dictionary<string, DatabaseRole> DatabaseRoles { get; init; } = [];

    public Dictionary<string, SshRole> SshRoles { get; init; } = [];

    public Dictionary<string, AwsRole> AwsRoles { get; init; } = [];

    /// <summary>Answers waiting to be unwrapped, by wrapping token.</summary>
    public Dictionary<string, WrappedAnswer> Wrapped { get; init; } = [];

    public string? SshCaKey { get; set; }
}

internal sealed record AwsRole(string CredentialType, string[] RoleArns, string PolicyDocument);

internal sealed record VaultToken
{
    public required string Id { get; init; }

    public required string Accessor { get; init; }

    public required string[] Policies { get; init; }

    /// <summary>Id of the token that made this one; it dies with it. Null for orphans.</summary>
    public string? Parent { get; init; }

    public required string DisplayName { get; init; }

    public required string Path { get; init; }

    public Dictionary<string, string> Meta { get; init; } = [];

    public required DateTimeOffset Issued { get; init; }

    /// <summary>Null: never (root).</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Seconds the token was made for.</summary>
    public long CreationTtl { get; init; }

    /// <summary>Seconds after <see cref="Issued"/> that no renewal goes beyond.</summary>
    public long MaxTtl { get; init; }

    public long ExplicitMaxTtl { get; init; }

    public bool Renewable { get; init; }

    /// <summary>Remaining uses; 0 = unlimited.</summary>
    public int NumUses { get; init; }

    public bool IsRoot => Policies.Contains("root");
}

internal sealed record Lease
{
    public required string Id { get; init; }

    public required string TokenId { get; init; }

    public required string Database { get; init; }

    public required string Username { get; init; }

    public required string[] RevocationStatements { get; init; }

    public required string[] RenewStatements { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public DateTimeOffset? LastRenewal { get; init; }

    public required long DefaultTtl { get; init; }

    public required long MaxTtl { get; init; }
}

internal sealed record KubernetesRole(string[] ServiceAccountNames, string[] ServiceAccountNamespaces, string[] Policies, long Ttl, long MaxTtl);

internal sealed record DatabaseConnection(string? ConnectionUrl, string? Username, string? Password, string[] AllowedRoles, string PluginName);

internal sealed record DatabaseRole(
    string Database, string[] CreationStatements, string[] RevocationStatements, string[] RenewStatements, string[] RollbackStatements,
        long DefaultTtl, long MaxTtl);

internal sealed record SshRole(string[] AllowedUsers, string DefaultUser, Dictionary<string, string> DefaultExtensions, long Ttl, long MaxTtl);

internal sealed record WrappedAnswer(string Json, DateTimeOffset Created, DateTimeOffset Expires, string Path);

internal sealed class KvSecret
{
    public required DateTimeOffset Created { get; set; }

    public required DateTimeOffset Updated { get; set; }

    public int CurrentVersion { get; set; }

    public int MaxVersions { get; set; }

    public bool CasRequired { get; set; }

    public Dictionary<string, string>? CustomMetadata { get; set; }

    public SortedDictionary<int, KvVersion> Versions { get; init; } = [];
}

internal sealed class KvVersion
{
    /// <summary>JSON object; null once destroyed.</summary>
    public string? Json { get; set; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Deleted { get; set; }

    public bool Destroyed { get; set; }
}
