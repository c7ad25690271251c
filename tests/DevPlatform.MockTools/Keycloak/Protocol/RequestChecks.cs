using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>Client and redirect URI: while these are in doubt nothing is redirected, the browser gets an error page.</summary>
internal sealed class AuthorizationRequestCheck : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var realm = context.GetRealm();
        if (realm.FindClient(context.ClientId) is not { } client)
        {
            context.Reject(Errors.InvalidRequest, "Client not found.");
        }
        else if (!client.AllowsRedirect(context.RedirectUri))
        {
            context.Reject(Errors.InvalidRequest, "Invalid parameter: redirect_uri");
        }

        return default;
    }
}

/// <summary>Who the client is and whether it may use the grant.</summary>
internal sealed class TokenRequestCheck : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var (realm, request) = (context.GetRealm(), context.Request);
        if (string.IsNullOrEmpty(request.GrantType))
        {
            context.Reject(Errors.InvalidRequest, "Missing form parameter: grant_type");
        }
        else if (ClientAuthentication.Authenticate(realm, request) is not { } client)
        {
            context.Reject(Errors.InvalidClient, "Invalid client or Invalid client credentials");
        }
        else if (Refusal(client.Representation, client, request.GrantType) is { } refusal)
        {
            context.Reject(refusal.Error, refusal.Description);
        }
        else if (request.GrantType is GrantTypes.Password or GrantTypes.ClientCredentials && ScopeRules.Grant(client, request.Scope) is null)
        {
            context.Reject(Errors.InvalidScope, $"Invalid scopes: {request.Scope}");
        }

        return default;
    }

    private static (string Error, string Description)? Refusal(ClientRepresentation settings, Client client, string grant) => grant switch
    {
        GrantTypes.AuthorizationCode when !settings.StandardFlowEnabled => (Errors.UnauthorizedClient, "Client not allowed to exchange code"),
        GrantTypes.Password when !settings.DirectAccessGrantsEnabled => (Errors.UnauthorizedClient, "Client not allowed for direct access grants"),
        GrantTypes.ClientCredentials when settings.PublicClient =>
            (Errors.UnauthorizedClient, "Public client not allowed to retrieve service account"),
        GrantTypes.ClientCredentials when !settings.ServiceAccountsEnabled =>
            (Errors.UnauthorizedClient, "Client not enabled to retrieve service account"),
        GrantTypes.DeviceCode when !client.DeviceGrantEnabled =>
            (Errors.UnauthorizedClient,
            "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. The flow is disabled for the client."),
        GrantTypes.AuthorizationCode or GrantTypes.Password or GrantTypes.ClientCredentials or GrantTypes.DeviceCode or GrantTypes.RefreshToken => null,
        _ => (Errors.UnsupportedGrantType, "Unsupported grant_type"),
    };
}

/// <summary>As <see cref="TokenRequestCheck"/>, for <c>/auth/device</c>.</summary>
internal sealed class DeviceRequestCheck : IOpenIddictServerHandler<ValidateDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(ValidateDeviceAuthorizationRequestContext context)
    {
        var client = ClientAuthentication.Authenticate(context.GetRealm(), context.Request);
        if (client is null)
        {
            context.Reject(Errors.InvalidClient, "Invalid client or Invalid client credentials");
        }
        else if (!client.DeviceGrantEnabled)
        {
            context.Reject(Errors.UnauthorizedClient,
                "Client is not allowed to initiate OAuth 2.0 Device Authorization Grant. The flow is disabled for the client.");
        }
        else if (ScopeRules.Grant(client, context.Request.Scope) is null)
        {
            context.Reject(Errors.InvalidScope, $"Invalid scopes: {context.Request.Scope}");
        }

        return default;
    }
}

internal static class ClientAuthentication
{
    /// <summary>The client of the request, when it proved who it is: confidential ones by their secret (header or form).</summary>
    public static Client? Authenticate(Realm realm, OpenIddictRequest request) => Authenticate(realm, request.ClientId, request.ClientSecret);

    public static Client? Authenticate(Realm realm, string? clientId, string? secret) =>
        realm.FindClient(clientId) is { Representation.BearerOnly: false } client
            && (client.Representation.PublicClient || client.HasSecret(secret)) ? client : null;
}

/// <summary>The realm and issuer behind OpenIddict's events.</summary>
internal static class OpenIddictContexts
{
    public static HttpContext GetHttp(this BaseContext context) => context.Transaction.GetHttpRequest()!.HttpContext;

    public static Realm GetRealm(this BaseContext context) => context.GetHttp().GetRealm();

    public static string GetIssuer(this BaseContext context) => context.GetHttp().GetIssuer();
}
