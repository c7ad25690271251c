using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using DevPlatform.MockTools.Keycloak.Tokens;

namespace DevPlatform.MockTools.Keycloak.Login;

/// <summary>The browser's single sign-on cookie, <c>KEYCLOAK_IDENTITY</c>: a token only the realm can read.</summary>
internal sealed class SsoCookie(TokenWriter writer)
{
    private const string Name = "KEYCLOAK_IDENTITY";

    public async Task<UserSession?> FindSessionAsync(HttpContext http)
    {
        var realm = http.GetRealm();
        var token = await writer.ReadAsync(realm, http.GetIssuer(), http.Request.Cookies[Name], refresh: true);
        return token?.GetPayloadValue<string>("typ") == "Serialized-ID" ? realm.Sessions.Find(token.GetPayloadValue<string>("sid")) : null;
    }

    public void Set(HttpContext http, UserSession session)
    {
        var realm = http.GetRealm();
        var claims = new Dictionary<string,
            object>
        { ["typ"] = "Serialized-ID", ["iss"] = http.GetIssuer(), ["sub"] = session.User.Id, ["sid"] = session.Id };
        http.Response.Cookies.Append(
            Name, writer.Sign(claims, realm.Representation.SsoSessionMaxLifespan, realm.Keys.RefreshTokenCredentials), Options(http));
    }

    public static void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http));

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = $"/realms/{http.GetRealm().Name}/" };
}
