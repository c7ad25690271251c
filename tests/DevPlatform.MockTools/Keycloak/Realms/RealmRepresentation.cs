namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>The part of Keycloak's realm export (<c>RealmRepresentation</c>) that this server obeys; the rest is for the real Keycloak.</summary>
internal sealed record RealmRepresentation
{
    public required string Realm { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Seconds, as all lifespans here.</summary>
    public int AccessTokenLifespan { get; init; } = 300;

    public int SsoSessionIdleTimeout { get; init; } = 1800;

    public int SsoSessionMaxLifespan { get; init; } = 36000;

    public int AccessCodeLifespan { get; init; } = 60;

    public int Oauth2DeviceCodeLifespan { get; init; } = 600;

    public int Oauth2DevicePollingInterval { get; init; } = 5;

    public RolesRepresentation Roles { get; init; } = new();

    public GroupRepresentation[] Groups { get; init; } = [];

    public UserRepresentation[] Users { get; init; } = [];

    public ClientRepresentation[] Clients { get; init; } = [];
}

internal sealed record RolesRepresentation
{
    public RoleRepresentation[] Realm { get; init; } = [];

    public Dictionary<string, RoleRepresentation[]> Client { get; init; } = [];
}

internal sealed record RoleRepresentation(string Name, string? Description = null);

internal sealed record GroupRepresentation
{
    public string? Id { get; init; }

    public required string Name { get; init; }

    public Dictionary<string, string[]> Attributes { get; init; } = [];

    public string[] RealmRoles { get; init; } = [];

    public GroupRepresentation[] SubGroups { get; init; } = [];
}

internal sealed record UserRepresentation
{
    public string? Id { get; init; }

    public required string Username { get; init; }

    public bool Enabled { get; init; } = true;

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public Dictionary<string, string[]> Attributes { get; init; } = [];

    public CredentialRepresentation[] Credentials { get; init; } = [];

    public string[] RealmRoles { get; init; } = [];

    public Dictionary<string, string[]> ClientRoles { get; init; } = [];

    /// <summary>Paths, <c>/parent/child</c>.</summary>
    public string[] Groups { get; init; } = [];

    public string? ServiceAccountClientId { get; init; }
}

internal sealed record CredentialRepresentation(string Type, string? Value = null);

internal sealed record ClientRepresentation
{
    public string? Id { get; init; }

    public required string ClientId { get; init; }

    public bool Enabled { get; init; } = true;

    public bool PublicClient { get; init; }

    public bool BearerOnly { get; init; }

    public string? Secret { get; init; }

    public string? RootUrl { get; init; }

    public bool StandardFlowEnabled { get; init; } = true;

    public bool DirectAccessGrantsEnabled { get; init; }

    public bool ServiceAccountsEnabled { get; init; }

    public string[] RedirectUris { get; init; } = [];

    public string[] WebOrigins { get; init; } = [];

    public Dictionary<string, string> Attributes { get; init; } = [];

    /// <summary>Keycloak's built-in scopes when the export does not name them.</summary>
    public string[] DefaultClientScopes { get; init; } = ["web-origins", "acr", "profile", "roles", "basic", "email"];

    public string[] OptionalClientScopes { get; init; } = ["address", "phone", "offline_access", "microprofile-jwt"];

    public ProtocolMapperRepresentation[] ProtocolMappers { get; init; } = [];
}

internal sealed record ProtocolMapperRepresentation(string Name, string ProtocolMapper)
{
    public Dictionary<string, string> Config { get; init; } = [];
}
