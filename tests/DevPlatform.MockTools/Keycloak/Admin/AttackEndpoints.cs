using System.Security.Cryptography;
using System.Text.Json;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.MockTools.Keycloak.Admin;

/// <summary>
/// Not Keycloak: what tests of token checks need. <c>POST /__admin/token</c> makes any token, good or forged; <c>POST /__admin/rotate-keys</c>
/// changes the signing key; <c>POST /__admin/realms</c> opens a second realm; <c>PUT /__admin/users/{name}</c> changes an account.
/// </summary>
internal sealed class AttackEndpoints(RealmRegistry realms, TimeProvider time)
{
    public static void Map(WebApplication app)
    {
        var endpoints = ActivatorUtilities.CreateInstance<AttackEndpoints>(app.Services);
        app.MapPost("/__admin/token", endpoints.Forge);
        app.MapPost("/__admin/rotate-keys", endpoints.Rotate);
        app.MapPost("/__admin/realms", endpoints.CopyRealm);
        app.MapPut("/__admin/users/{username}", endpoints.ChangeUser);
    }

    /// <summary>
    /// Starts from the access token that <c>client</c> would get for <c>username</c>, then applies <c>claims</c> (null removes one) and signs as
    /// told: <c>alg</c> RS256 (default), PS256, HS256 (keyed with the public key: the confusion attack) or <c>none</c>;
    /// <c>key</c> <c>realm</c> (default) or <c>unknown</c>; <c>expiresIn</c> seconds, negative for an expired one.
    /// </summary>
    private IResult Forge(HttpContext http, TokenOrder order)
    {
        if (realms.Find(order.Realm) is not { } realm || realm.FindClient(order.Client) is not { } client
            || realm.FindLogin(order.Username) is not { } user)
        {
            return Results.BadRequest(new { error = $"realm '{order.Realm}', client '{order.Client}' or username '{order.Username}' does not exist" });
        }

        var session = realm.Sessions.Start(user);
        realm.Sessions.Touch(session, client);
        var scope = ScopeRules.Grant(client, order.Scope) ?? order.Scope;
        var claims = TokenClaims.Access(new TokenRequest(realm, http.GetIssuer(realm), client, user, session, scope));
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        claims["iat"] = Math.Min(now, now + order.ExpiresIn - 1);
        claims["exp"] = now + order.ExpiresIn;
        foreach (var (name, value) in order.Claims ?? [])
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                claims.Remove(name);
            }
            else
            {
                claims[name] = value;
            }
        }

        return Credentials(realm, order) is { } credentials
            ? Results.Json(new { token = TokenWriter.SignAsIs(claims, credentials.Value, order.HeaderType), sid = session.Id })
            : Results.BadRequest(new { error = $"alg: '{order.Alg}'; allowed: RS256, RS384, RS512, PS256, HS256, none" });
    }

    private static Signing? Credentials(Realm realm, TokenOrder order)
    {
        var rsa = order.Key == "unknown" ? new RsaSecurityKey(RSA.Create(2048)) { KeyId = "unknown" } : realm.Keys.Current;
        return order.Alg switch
        {
            "none" => new Signing(null),
            "RS256" or "RS384" or "RS512" or "PS256" => new Signing(new SigningCredentials(rsa, order.Alg)),
            "HS256" => new Signing(new SigningCredentials(new SymmetricSecurityKey(rsa.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = rsa.KeyId }, SecurityAlgorithms.HmacSha256)),
            _ => null,
        };
    }

    private IResult Rotate(string? realm, bool? keepOld)
    {
        foreach (var each in realms.All.Where(r => realm is null || r.Name == realm))
        {
            each.Keys.Rotate(keepOld ?? true);
        }

        return Results.NoContent();
    }

    private IResult CopyRealm(RealmOrder order) => realms.Find(order.CopyOf) is { } source && realms.Copy(source, order.Realm) is not null
        ? Results.Created($"/realms/{order.Realm}", null)
        : Results.Conflict(new { error = $"realm '{order.CopyOf}' does not exist, or '{order.Realm}' does already" });

    private IResult ChangeUser(string username, UserOrder order)
    {
        if (realms.Find(order.Realm)?.FindLogin(username) is not { } user)
        {
            return Results.NotFound(new { error = $"user '{username}' does not exist in realm '{order.Realm}'" });
        }

        var now = user.Representation;
        user.Representation = now with
        {
            Enabled = order.Enabled ?? now.Enabled,
            RealmRoles = order.RealmRoles ?? now.RealmRoles,
            Groups = order.Groups ?? now.Groups
        };
        return Results.NoContent();
    }

    /// <summary>No credentials is a way to sign too (<c>none</c>), hence the wrapper.</summary>
    private sealed record Signing(SigningCredentials? Value);

    private sealed record TokenOrder(
        string Username,
        string Realm = "platform",
        string Client = "developer-portal-cli",
        string Scope = "openid profile email",
        int ExpiresIn = 300,
        string Alg = "RS256",
        string Key = "realm",
        string HeaderType = "JWT",
        Dictionary<string, JsonElement>? Claims = null);

    private sealed record RealmOrder(string Realm, string CopyOf = "platform");

    private sealed record UserOrder(string Realm = "platform", bool? Enabled = null, string[]? RealmRoles = null, string[]? Groups = null);
}
