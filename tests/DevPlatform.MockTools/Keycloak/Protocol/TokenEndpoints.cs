using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>What is done with tokens that exist: <c>/userinfo</c>, <c>/token/introspect</c>, <c>/revoke</c>, <c>/certs</c>.</summary>
internal sealed class TokenEndpoints(TokenWriter writer, Logout logout)
{
    public static void Map(WebApplication app)
    {
        var endpoints = ActivatorUtilities.CreateInstance<TokenEndpoints>(app.Services);
        app.MapGet($"/{OpenIddictSetup.Base}/certs", (HttpContext http) => Results.Json(new { keys = http.GetRealm().Keys.Certificates() }));
        app.MapMethods($"/{OpenIddictSetup.Base}/userinfo", ["GET", "POST"], (Delegate)endpoints.UserInfoAsync);
        app.MapPost($"/{OpenIddictSetup.Base}/token/introspect", (Delegate)endpoints.IntrospectAsync);
        app.MapPost($"/{OpenIddictSetup.Base}/revoke", (Delegate)endpoints.RevokeAsync);
    }

    private async Task<IResult> UserInfoAsync(HttpContext http)
    {
        var (realm, bearer) = (http.GetRealm(), http.BearerToken());
        if (bearer is null && http.Request.HasFormContentType)
        {
            bearer = (await http.Request.ReadFormAsync())["access_token"].ToString();
        }

        if (string.IsNullOrEmpty(bearer))
        {
            return BearerError(http, 401, "invalid_request", "Token not provided");
        }

        if (await LiveAccessTokenAsync(http, bearer) is not { } token)
        {
            return BearerError(http, 401, "invalid_token", "Token verification failed");
        }

        var scope = token.GetPayloadValue<string>("scope");
        return scope.Split(' ').Contains("openid")
            ? Results.Json(TokenClaims.UserInfo(new TokenRequest(realm, http.GetIssuer(),
                realm.FindClient(token.GetPayloadValue<string>("azp"))!, realm.FindUser(token.Subject)!, null, scope)))
            : BearerError(http, 403, "insufficient_scope", "Missing openid scope");
    }

    private async Task<IResult> IntrospectAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (Authenticate(http, form) is not { Representation.PublicClient: false } client)
        {
            return ClientError();
        }

        if (form["token"].ToString() is not { Length: > 0 } text)
        {
            return Results.Json(new { error = "invalid_request", error_description = "Token not provided." }, statusCode: 400);
        }

        if ((await LiveAccessTokenAsync(http, text) ?? await LiveRefreshTokenAsync(http, text)) is not { } token)
        {
            return Results.Json(new { active = false });
        }

        var claims = JsonSerializer.Deserialize<Dictionary<string, object>>(Base64Url.Decode(token.EncodedPayload))!;
        claims["active"] = true;
        claims["client_id"] = token.GetPayloadValue<string>("azp");
        claims["token_type"] = token.GetPayloadValue<string>("typ");
        claims["username"] = http.GetRealm().FindUser(token.Subject)!.Username;
        return Results.Json(claims);
    }

    /// <summary>RFC 7009. Revoking a refresh token ends its session; whatever cannot be read counts as revoked.</summary>
    private async Task<IResult> RevokeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (Authenticate(http, form) is not { } client)
        {
            return ClientError();
        }

        var token = await LiveRefreshTokenAsync(http, form["token"].ToString()) ?? await LiveAccessTokenAsync(http, form["token"].ToString());
        if (token is not null && token.GetPayloadValue<string>("azp") != client.Id)
        {
            return Results.Json(new { error = "invalid_token", error_description = "Unmatching clients" }, statusCode: 400);
        }

        if (token is not null && token.TryGetPayloadValue<string>("sid", out var sid) && http.GetRealm().Sessions.Find(sid) is { } session)
        {
            await logout.EndAsync(http.GetRealm(), http.GetIssuer(), session);
        }

        return Results.Ok();
    }

    private async Task<JsonWebToken?> LiveAccessTokenAsync(HttpContext http, string text)
    {
        var token = await writer.ReadAsync(http.GetRealm(), http.GetIssuer(), text, refresh: false);
        return token?.GetPayloadValue<string>("typ") == "Bearer" && IsLive(http.GetRealm(), token) ? token : null;
    }

    private async Task<JsonWebToken?> LiveRefreshTokenAsync(HttpContext http, string text)
    {
        var token = await writer.ReadAsync(http.GetRealm(), http.GetIssuer(), text, refresh: true);
        return token?.GetPayloadValue<string>("typ") == "Refresh" && IsLive(http.GetRealm(), token) ? token : null;
    }

    private static bool IsLive(Realm realm, JsonWebToken token) =>
        realm.FindUser(token.Subject) is { Enabled: true }
            && (!token.TryGetPayloadValue<string>("sid", out var sid) || realm.Sessions.Find(sid) is not null);

    private static Client? Authenticate(HttpContext http, IFormCollection form)
    {
        if (AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            && header is { Scheme: "Basic", Parameter: { } encoded })
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Split(':', 2);
            return ClientAuthentication.Authenticate(http.GetRealm(), Uri.UnescapeDataString(parts[0]),
                Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        }

        return ClientAuthentication.Authenticate(http.GetRealm(), form["client_id"], form["client_secret"]);
    }

    private static IResult ClientError() =>
        Results.Json(new { error = "invalid_client", error_description = "Invalid client or Invalid client credentials" }, statusCode: 401);

    private static IResult BearerError(HttpContext http, int status, string error, string description)
    {
        http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{http.GetRealm().Name}\", error=\"{error}\", error_description=\"{description}\"";
        return Results.Json(new { error, error_description = description }, statusCode: status);
    }
}

internal static class Base64Url
{
    public static byte[] Decode(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(text);
}

internal static class BearerTokens
{
    public static string? BearerToken(this HttpContext http) =>
        AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            && string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) ? header.Parameter : null;
}
