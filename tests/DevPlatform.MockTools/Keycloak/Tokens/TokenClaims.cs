using DevPlatform.MockTools.Keycloak.Realms;

namespace DevPlatform.MockTools.Keycloak.Tokens;

internal enum TokenKind
{
    Access,
    Id,
    UserInfo,
    Introspection,
}

/// <summary>Keycloak's claims: what the built-in client scopes put into tokens, then the client's own protocol mappers.</summary>
internal static class TokenClaims
{
    /// <summary>The payload of an access token, without lifetimes.</summary>
    public static Dictionary<string, object> Access(TokenRequest token)
    {
        var claims = Common(token, "Bearer");
        AddAudience(claims, token);
        AddIfAny(claims, "allowed-origins", AllowedOrigins(token.Client));
        AddRoles(claims, token);
        claims["scope"] = token.Scope;
        AddProfile(claims, token);
        if (token.Session is null)
        {
            claims["client_id"] = token.Client.Id;
        }

        ProtocolMappers.Apply(claims, token, TokenKind.Access);
        return claims;
    }

    /// <summary>The payload of an ID token, without lifetimes, <c>nonce</c> and <c>at_hash</c>.</summary>
    public static Dictionary<string, object> Identity(TokenRequest token)
    {
        var claims = Common(token, "ID");
        claims["aud"] = token.Client.Id;
        AddProfile(claims, token);
        ProtocolMappers.Apply(claims, token, TokenKind.Id);
        return claims;
    }

    /// <summary>A refresh token is for the realm itself, so that no resource server mistakes it for an access token.</summary>
    public static Dictionary<string, object> Refresh(TokenRequest token)
    {
        var claims = Common(token, "Refresh");
        claims["aud"] = token.Issuer;
        claims["scope"] = token.Scope;
        return claims;
    }

    public static Dictionary<string, object> UserInfo(TokenRequest token)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = token.User.Id };
        AddProfile(claims, token);
        ProtocolMappers.Apply(claims, token, TokenKind.UserInfo);
        return claims;
    }

    private static Dictionary<string, object> Common(TokenRequest token, string type)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["iss"] = token.Issuer,
            ["sub"] = token.User.Id,
            ["typ"] = type,
            ["azp"] = token.Client.Id,
            ["acr"] = "1",
        };
        if (token.Session is { } session)
        {
            claims["auth_time"] = session.Started.ToUnixTimeSeconds();
            claims["sid"] = session.Id;
        }

        return claims;
    }

    /// <summary>The <c>roles</c> scope: clients whose roles the user has are audiences, and audience mappers add theirs.</summary>
    private static void AddAudience(Dictionary<string, object> claims, TokenRequest token)
    {
        var audiences = token.User.ClientRoles(token.Realm.Name).Keys.Where(c => c != token.Client.Id).Order(StringComparer.Ordinal).ToArray();
        if (audiences.Length > 0)
        {
            claims["aud"] = audiences.Length == 1 ? audiences[0] : audiences;
        }
    }

    private static void AddRoles(Dictionary<string, object> claims, TokenRequest token)
    {
        if (!token.Client.Representation.DefaultClientScopes.Contains("roles"))
        {
            return;
        }

        claims["realm_access"] = new Dictionary<string, object> { ["roles"] = token.User.RealmRoles(token.Realm.Name).ToArray() };
        var clientRoles = token.User.ClientRoles(token.Realm.Name)
            .ToDictionary(r => r.Key, object (r) => new Dictionary<string, object> { ["roles"] = r.Value });
        if (clientRoles.Count > 0)
        {
            claims["resource_access"] = clientRoles;
        }
    }

    private static void AddProfile(Dictionary<string, object> claims, TokenRequest token)
    {
        var user = token.User.Representation;
        if (token.HasScope("email") && user.Email is { } email)
        {
            claims["email_verified"] = user.EmailVerified;
            claims["email"] = email;
        }

        if (token.HasScope("profile"))
        {
            claims["preferred_username"] = user.Username;
            AddIfAny(claims, "name", token.User.FullName);
            AddIfAny(claims, "given_name", user.FirstName);
            AddIfAny(claims, "family_name", user.LastName);
        }
    }

    private static string[] AllowedOrigins(Client client) =>
        [.. client.Representation.WebOrigins
            .SelectMany(o => o == "+"
                ? client.Representation.RedirectUris.Select(r => Uri.TryCreate(r.TrimEnd('*'), UriKind.Absolute, out var uri)
                ? uri.GetLeftPart(UriPartial.Authority) : r) : [o])
            .Distinct(StringComparer.Ordinal)];

    private static void AddIfAny(Dictionary<string, object> claims, string name, object? value)
    {
        if (value is not (null or string[] { Length: 0 } or ""))
        {
            claims[name] = value;
        }
    }
}
