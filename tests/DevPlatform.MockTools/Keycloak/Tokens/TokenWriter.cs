using System.Text.Json;
using DevPlatform.MockTools.Keycloak.Realms;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Keycloak.Tokens;

/// <summary>Signs and reads the realm's JSON web tokens.</summary>
internal sealed class TokenWriter(TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public string Access(TokenRequest token) =>
        Sign(TokenClaims.Access(token), token.Realm.Representation.AccessTokenLifespan, token.Realm.Keys.SigningCredentials);

    public string Identity(TokenRequest token, string? nonce, string? accessTokenHash)
    {
        var claims = TokenClaims.Identity(token);
        foreach (var (name, value) in new[] { ("nonce", nonce), ("at_hash", accessTokenHash) })
        {
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return Sign(claims, token.Realm.Representation.AccessTokenLifespan, token.Realm.Keys.SigningCredentials);
    }

    public string Refresh(TokenRequest token) =>
        Sign(TokenClaims.Refresh(token), token.Realm.Representation.SsoSessionIdleTimeout, token.Realm.Keys.RefreshTokenCredentials);

    public string Sign(Dictionary<string, object> claims, int lifespan, SigningCredentials credentials, string type = "JWT")
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        claims["iat"] = now;
        claims["exp"] = now + lifespan;
        return SignAsIs(claims, credentials, type);
    }

    /// <summary>Signs exactly these claims; no credentials makes an unsigned token (<c>alg: none</c>).</summary>
    public static string SignAsIs(Dictionary<string, object> claims, SigningCredentials? credentials, string type = "JWT")
    {
        var payload = JsonSerializer.Serialize(claims);
        var header = new Dictionary<string, object> { ["typ"] = type };
        return credentials is null ? Handler.CreateToken(payload, header) : Handler.CreateToken(payload, credentials, header);
    }

    /// <summary>The claims of a token of this realm that is genuine and not expired; null otherwise.</summary>
    /// <param name="refresh">Whether a refresh token is expected; those have a key of their own.</param>
    public async Task<JsonWebToken?> ReadAsync(Realm realm, string issuer, string? token, bool refresh, bool ignoreExpiry = false)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidateAudience = false,
            IssuerSigningKeys = refresh ? [realm.Keys.RefreshTokenCredentials.Key] : realm.Keys.All,
            ValidAlgorithms = refresh ? [SecurityAlgorithms.HmacSha512] : [SecurityAlgorithms.RsaSha256],
            ValidateLifetime = !ignoreExpiry,
            LifetimeValidator = ignoreExpiry ? null : (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }
}
