using DevPlatform.MockTools.Keycloak.Login;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using DevPlatform.MockTools.Keycloak.Tokens;
using Microsoft.AspNetCore.WebUtilities;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>Ends sessions and tells the clients about it (OpenID Connect Back-Channel Logout 1.0). Keycloak does not retry.</summary>
internal sealed class Logout(IHttpClientFactory http, TokenWriter writer, ILogger<Logout> logger)
{
    public async Task EndAsync(Realm realm, string issuer, UserSession session)
    {
        if (realm.Sessions.End(session))
        {
            var clients = session.Clients.Keys.Select(realm.FindClient).OfType<Client>().Where(c => c.BackChannelLogoutUrl is not null);
            await Task.WhenAll(clients.Select(client => TellAsync(realm, issuer, session, client)));
        }
    }

    private async Task TellAsync(Realm realm, string issuer, UserSession session, Client client)
    {
        var claims = new Dictionary<string, object>
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["iss"] = issuer,
            ["aud"] = client.Id,
            ["sub"] = session.User.Id,
            ["typ"] = "Logout",
            ["sid"] = session.Id,
            ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
        };
        var token = writer.Sign(claims, 120, realm.Keys.SigningCredentials, "logout+jwt");
        try
        {
            using var sender = http.CreateClient("backchannel");
            using var body = new FormUrlEncodedContent([new("logout_token", token)]);
            using var response = await sender.PostAsync(client.BackChannelLogoutUrl, body);
            logger.LogInformation("Back-channel logout of session {Session} at {Client}: {Status}", session.Id, client.Id, (int)response.StatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            logger.LogWarning("Back-channel logout of session {Session} at {Client} failed: {Message}", session.Id, client.Id, e.Message);
        }
    }
}

/// <summary><c>/logout</c>: a browser's (RP-initiated, with <c>id_token_hint</c>) or a client's own (POST with its refresh token).</summary>
internal sealed class LogoutEndpoint(Logout logout, SsoCookie cookie, TokenWriter writer)
{
    public static void Map(WebApplication app)
    {
        var endpoint = ActivatorUtilities.CreateInstance<LogoutEndpoint>(app.Services);
        app.MapGet($"/{OpenIddictSetup.Base}/logout",
            (Delegate)((HttpContext http) => endpoint.BrowserAsync(http, name => http.Request.Query[name])));
        app.MapPost($"/{OpenIddictSetup.Base}/logout", (Delegate)endpoint.PostAsync);
    }

    private async Task<IResult> PostAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (form["refresh_token"].ToString() is not { Length: > 0 } refresh)
        {
            return await BrowserAsync(http, name => form.TryGetValue(name, out var value) ? value.ToString() : http.Request.Query[name]);
        }

        var realm = http.GetRealm();
        if (ClientAuthentication.Authenticate(realm, form["client_id"], form["client_secret"]) is not { } client)
        {
            return Results.Json(new { error = "invalid_client", error_description = "Invalid client or Invalid client credentials" },
                statusCode: 401);
        }

        var token = await writer.ReadAsync(realm, http.GetIssuer(), refresh, refresh: true);
        if (token?.GetPayloadValue<string>("typ") is not "Refresh" || token.GetPayloadValue<string>("azp") != client.Id)
        {
            return Results.Json(new { error = "invalid_grant", error_description = "Invalid refresh token" }, statusCode: 400);
        }

        if (realm.Sessions.Find(token.GetPayloadValue<string>("sid")) is { } session)
        {
            await logout.EndAsync(realm, http.GetIssuer(), session);
        }

        return Results.NoContent();
    }

    private async Task<IResult> BrowserAsync(HttpContext http, Func<string, string?> parameter)
    {
        var realm = http.GetRealm();
        var hint = parameter("id_token_hint") is { Length: > 0 } text
            ? await writer.ReadAsync(realm, http.GetIssuer(), text, refresh: false, ignoreExpiry: true) : null;
        if (parameter("id_token_hint") is { Length: > 0 } && hint?.GetPayloadValue<string>("typ") is not "ID")
        {
            return Pages.Message("We are sorry...", "Invalid parameter: id_token_hint", 400);
        }

        var target = parameter("post_logout_redirect_uri");
        var client = realm.FindClient(hint?.GetPayloadValue<string>("azp") ?? parameter("client_id"));
        if (!string.IsNullOrEmpty(target) && client?.AllowsPostLogoutRedirect(target) != true)
        {
            return Pages.Message("We are sorry...", client is null
                ? "Either the parameter 'client_id' or the parameter 'id_token_hint' is required when 'post_logout_redirect_uri' is used."
                : "Invalid redirect uri", 400);
        }

        if (hint is null && parameter("confirmLogout") is null or "")
        {
            // Nothing proves that the user wants this, so ask.
            return Pages.LogoutConfirmation($"{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}");
        }

        var session = hint is null ? await cookie.FindSessionAsync(http) : realm.Sessions.Find(hint.GetPayloadValue<string>("sid"));
        if (session is not null)
        {
            await logout.EndAsync(realm, http.GetIssuer(), session);
        }

        SsoCookie.Clear(http);
        return string.IsNullOrEmpty(target)
            ? Pages.Message("You are logged out", "You are logged out")
            : Results.Redirect(parameter("state") is { Length: > 0 } state ? QueryHelpers.AddQueryString(target, "state", state) : target);
    }
}
