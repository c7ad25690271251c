using System.Security.Claims;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>Turns a checked token request into the principal that tokens are made for.</summary>
internal sealed class TokenGrants : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var realm = context.GetRealm();
        var client = realm.FindClient(context.ClientId)!;
        switch (context.Request.GrantType)
        {
            case GrantTypes.Password:
                Password(context, realm, client);
                break;
            case GrantTypes.ClientCredentials:
                context.SignIn(TokenRequest.Principal(realm, realm.FindServiceAccount(client)!, session: null,
                    ScopeRules.Grant(client, context.Request.Scope)!));
                break;
            default:
                Continue(context, realm, client,
                    (context.AuthorizationCodePrincipal ?? context.DeviceCodePrincipal ?? context.RefreshTokenPrincipal)!);
                break;
        }

        return default;
    }

    private static void Password(HandleTokenRequestContext context, Realm realm, Client client)
    {
        var user = realm.FindLogin(context.Request.Username);
        if (user?.HasPassword(context.Request.Password) != true)
        {
            context.GetHttp().Items[TokenResponseShape.Unauthorized] = true;
            context.Reject(Errors.InvalidGrant, "Invalid user credentials");
        }
        else if (!user.Enabled)
        {
            context.Reject(Errors.InvalidGrant, "Account disabled");
        }
        else
        {
            var session = realm.Sessions.Start(user);
            realm.Sessions.Touch(session, client);
            context.SignIn(TokenRequest.Principal(realm, user, session, ScopeRules.Grant(client, context.Request.Scope)!));
        }
    }

    /// <summary>Code, device code and refresh token all continue a session, which must still live.</summary>
    private static void Continue(HandleTokenRequestContext context, Realm realm, Client client, ClaimsPrincipal principal)
    {
        if (realm.Sessions.Find(principal.GetClaim("sid")) is not { } session)
        {
            context.Reject(Errors.InvalidGrant, "Session not active");
            return;
        }

        realm.Sessions.Touch(session, client);
        context.SignIn(principal);
    }
}

/// <summary>Grants the device its scope; who uses it is known once the user has confirmed.</summary>
internal sealed class DeviceGrants : IOpenIddictServerHandler<HandleDeviceAuthorizationRequestContext>
{
    public ValueTask HandleAsync(HandleDeviceAuthorizationRequestContext context)
    {
        var client = context.GetRealm().FindClient(context.ClientId)!;
        var principal = new ClaimsPrincipal(new ClaimsIdentity());
        principal.SetScopes(ScopeRules.Grant(client, context.Request.Scope)!.Split(' '));
        principal.SetDeviceCodeLifetime(TimeSpan.FromSeconds(context.GetRealm().Representation.Oauth2DeviceCodeLifespan));
        principal.SetUserCodeLifetime(TimeSpan.FromSeconds(context.GetRealm().Representation.Oauth2DeviceCodeLifespan));
        context.Principal = principal;
        return default;
    }
}
