using DevPlatform.MockTools.Keycloak.Protocol;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using DevPlatform.MockTools.Keycloak.Tokens;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace DevPlatform.MockTools.Keycloak.Login;

/// <summary><c>/auth</c> and the login form behind it.</summary>
internal sealed class AuthorizationEndpoint(SsoCookie cookie, TimeProvider time)
{
    public static void Map(WebApplication app)
    {
        var endpoint = ActivatorUtilities.CreateInstance<AuthorizationEndpoint>(app.Services);
        app.MapMethods($"/{OpenIddictSetup.Base}/auth", ["GET", "POST"], (Delegate)endpoint.AuthorizeAsync);
        app.MapPost("/login-actions/authenticate", (Delegate)endpoint.AuthenticateAsync);
    }

    /// <summary>Sends the browser back with a code when somebody is signed in, else asks who it is.</summary>
    private async Task<IResult> AuthorizeAsync(HttpContext http)
    {
        if (http.GetOpenIddictServerResponse() is { Error: not null } error)
        {
            return Pages.Message("We are sorry...", error.ErrorDescription ?? error.Error!, StatusCodes.Status400BadRequest);
        }

        var request = http.GetOpenIddictServerRequest()!;
        var realm = http.GetRealm();
        var client = realm.FindClient(request.ClientId)!;
        if (!client.Representation.StandardFlowEnabled)
        {
            return Refuse(Errors.UnauthorizedClient,
                "Client is not allowed to initiate browser login with given response_type. Standard flow is disabled for the client.");
        }

        if (client.RequiresPkce && request.CodeChallenge is null)
        {
            return Refuse(Errors.InvalidRequest, "Missing parameter: code_challenge_method");
        }

        if (client.RequiresPkce && request.CodeChallengeMethod != CodeChallengeMethods.Sha256)
        {
            return Refuse(Errors.InvalidRequest, "Invalid parameter: code challenge method is not matching the configured one");
        }

        if (ScopeRules.Grant(client, request.Scope) is not { } scope)
        {
            return Refuse(Errors.InvalidScope, $"Invalid scopes: {request.Scope}");
        }

        var session = await cookie.FindSessionAsync(http);
        if (session is null || request.HasPromptValue(PromptValues.Login) || IsTooOld(session, request))
        {
            return request.HasPromptValue(PromptValues.None)
                ? Refuse(Errors.LoginRequired, null)
                : Pages.Login(ActionUrl(http, request), request.LoginHint);
        }

        realm.Sessions.Touch(session, client);
        return Results.SignIn(
            TokenRequest.Principal(realm, session.User, session, scope),
            new AuthenticationProperties(items: new Dictionary<string, string?>(), parameters: new Dictionary<string,
                object?>
            { ["session_state"] = (OpenIddictParameter)session.Id }),
            OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private async Task<IResult> AuthenticateAsync(HttpContext http)
    {
        var realm = http.GetRealm();
        var form = await http.Request.ReadFormAsync();
        var username = form["username"].ToString();
        var user = realm.FindLogin(username);
        if (user?.HasPassword(form["password"]) != true)
        {
            return Pages.Login(http.Request.PathBase + http.Request.Path + http.Request.QueryString, username, "Invalid username or password.");
        }

        if (!user.Enabled)
        {
            return Pages.Login(http.Request.PathBase + http.Request.Path + http.Request.QueryString, username,
                "Account is disabled, contact your administrator.");
        }

        cookie.Set(http, realm.Sessions.Start(user));

        // Back to where the login was asked for, now signed in; asking for it once more would never end.
        var query = http.Request.Query.Where(p => p.Key is not (Parameters.Prompt or Parameters.MaxAge or "return_to"));
        var target = http.Request.Query["return_to"] == "device" ? "device" : $"{OpenIddictSetup.Base}/auth";
        return Results.Redirect(QueryHelpers.AddQueryString($"{http.Request.PathBase}/{target}", query));
    }

    private bool IsTooOld(UserSession session, OpenIddictRequest request) =>
        long.TryParse((string?)request.GetParameter(Parameters.MaxAge), out var seconds)
            && time.GetUtcNow() - session.Started > TimeSpan.FromSeconds(seconds);

    private static string ActionUrl(HttpContext http, OpenIddictRequest request) => QueryHelpers.AddQueryString(
        $"{http.Request.PathBase}/login-actions/authenticate", request.GetParameters().ToDictionary(p => p.Key, p => (string?)p.Value));

    private static IResult Refuse(string error, string? description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
