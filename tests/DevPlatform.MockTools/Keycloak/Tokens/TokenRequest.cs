using System.Security.Claims;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using OpenIddict.Abstractions;

namespace DevPlatform.MockTools.Keycloak.Tokens;

/// <summary>For whom and what a token is made.</summary>
/// <param name="Session">Null for service accounts, which have none.</param>
/// <param name="Scope">Space-separated, as in the token.</param>
internal sealed record TokenRequest(Realm Realm, string Issuer, Client Client, RealmUser User, UserSession? Session, string Scope)
{
    private const string ScopeClaim = "kc_scope";

    public bool HasScope(string scope) => Scope.Split(' ').Contains(scope, StringComparer.Ordinal);

    /// <summary>The principal that OpenIddict hands from step to step; it names the user, session and scope, tokens are made from their live state.</summary>
    public static ClaimsPrincipal Principal(Realm realm, RealmUser user, UserSession? session, string scope)
    {
        var identity = new ClaimsIdentity("keycloak");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, user.Id).SetClaim("sid", session?.Id).SetClaim(ScopeClaim, scope);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        principal.SetAccessTokenLifetime(TimeSpan.FromSeconds(realm.Representation.AccessTokenLifespan));
        principal.SetIdentityTokenLifetime(TimeSpan.FromSeconds(realm.Representation.AccessTokenLifespan));
        principal.SetRefreshTokenLifetime(TimeSpan.FromSeconds(realm.Representation.SsoSessionIdleTimeout));
        principal.SetAuthorizationCodeLifetime(TimeSpan.FromSeconds(realm.Representation.AccessCodeLifespan));
        return principal;
    }

    public static TokenRequest From(Realm realm, string issuer, Client client, ClaimsPrincipal principal) => new(
        realm, issuer, client, realm.FindUser(principal.GetClaim(OpenIddictConstants.Claims.Subject))!,
        realm.Sessions.Find(principal.GetClaim("sid")), principal.GetClaim(ScopeClaim) ?? "");
}

/// <summary>Which client scopes a request gets, by Keycloak's rules: defaults always, optional ones when asked for.</summary>
internal static class ScopeRules
{
    /// <summary>Scopes that only steer mappers and do not appear in the token's <c>scope</c>.</summary>
    private static readonly string[] Hidden = ["web-origins", "acr", "roles", "basic"];

    /// <summary>The granted scope, or null when something unknown was asked for.</summary>
    public static string? Grant(Client client, string? requested)
    {
        var asked = (requested ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var known = client.Representation.DefaultClientScopes.Concat(client.Representation.OptionalClientScopes).Append("openid")
            .ToHashSet(StringComparer.Ordinal);
        return asked.All(known.Contains)
            ? string.Join(' ', asked.Concat(client.Representation.DefaultClientScopes).Except(Hidden).Distinct(StringComparer.Ordinal)
                .OrderBy(s => s == "openid" ? 0 : 1))
            : null;
    }
}
