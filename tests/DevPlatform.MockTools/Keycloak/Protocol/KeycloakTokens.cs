using System.Security.Claims;
using DevPlatform.MockTools.Keycloak.Realms;
using DevPlatform.MockTools.Keycloak.Sessions;
using DevPlatform.MockTools.Keycloak.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>Makes Keycloak's tokens in place of OpenIddict's own; codes are random strings kept here.</summary>
internal sealed class KeycloakTokenGeneration(TokenWriter writer) : IOpenIddictServerHandler<GenerateTokenContext>
{
    private const string DeviceGrantItem = "keycloak:device";

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        var realm = context.GetRealm();
        context.Token = context.TokenType switch
        {
            TokenTypeIdentifiers.Private.AuthorizationCode =>
                realm.Codes.AddCode(context.Principal, TimeSpan.FromSeconds(realm.Representation.AccessCodeLifespan)),
            TokenTypeIdentifiers.Private.DeviceCode => DeviceCode(context, realm),
            TokenTypeIdentifiers.Private.UserCode => ((DeviceGrant)HttpItems(context)[DeviceGrantItem]!).UserCode,
            TokenTypeIdentifiers.AccessToken => writer.Access(Request(context, realm)),
            TokenTypeIdentifiers.RefreshToken => writer.Refresh(Request(context, realm)),
            TokenTypeIdentifiers.IdentityToken =>
                writer.Identity(Request(context, realm), context.Principal.GetClaim(Claims.Nonce),
                context.Principal.GetClaim(Claims.AccessTokenHash)),
            var type => throw new InvalidOperationException($"No token of type '{type}' is ever asked for."),
        };
        return default;
    }

    private static TokenRequest Request(GenerateTokenContext context, Realm realm) =>
        TokenRequest.From(realm, context.GetIssuer(), realm.FindClient(context.Transaction.Request!.ClientId)!, context.Principal);

    private static string DeviceCode(GenerateTokenContext context, Realm realm)
    {
        var scope = string.Join(' ', context.Principal.GetScopes());
        var (code, grant) = realm.Codes.AddDevice(context.Transaction.Request!.ClientId!, scope,
            TimeSpan.FromSeconds(realm.Representation.Oauth2DeviceCodeLifespan));
        HttpItems(context)[DeviceGrantItem] = grant;
        return code;
    }

    private static IDictionary<object, object?> HttpItems(BaseContext context) => context.GetHttp().Items;
}

/// <summary>Reads what <see cref="KeycloakTokenGeneration"/> made.</summary>
internal sealed class KeycloakTokenValidation(TokenWriter writer, TimeProvider time) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var realm = context.GetRealm();
        var type = context.ValidTokenTypes.FirstOrDefault();
        var principal = type switch
        {
            TokenTypeIdentifiers.Private.AuthorizationCode => Code(context, realm),
            TokenTypeIdentifiers.Private.DeviceCode => Device(context, realm),
            TokenTypeIdentifiers.RefreshToken => await RefreshAsync(context, realm),
            _ => null,
        };
        if (principal is not null)
        {
            context.Principal = principal.SetTokenType(type).SetPresenters(context.Transaction.Request!.ClientId!);
        }
        else if (!context.IsRejected)
        {
            // A hint (id_token_hint at /auth): OpenIddict ignores the ones it cannot read.
            context.Reject(Errors.InvalidToken, "Invalid token");
        }
    }

    private static ClaimsPrincipal? Code(ValidateTokenContext context, Realm realm)
    {
        var principal = realm.Codes.TakeCode(context.Token);
        if (principal?.HasPresenter(context.Transaction.Request!.ClientId!) == true)
        {
            return principal;
        }

        context.Reject(Errors.InvalidGrant, principal is null ? "Code not valid" : "Auth error");
        return null;
    }

    private ClaimsPrincipal? Device(ValidateTokenContext context, Realm realm)
    {
        var now = time.GetUtcNow();
        var interval = TimeSpan.FromSeconds(realm.Representation.Oauth2DevicePollingInterval);
        var grant = realm.Codes.FindDevice(context.Token);
        if (grant is null || grant.ClientId != context.Transaction.Request!.ClientId)
        {
            context.Reject(Errors.InvalidGrant, "Device code not valid");
        }
        else if (grant.Expires < now)
        {
            context.Reject(Errors.ExpiredToken, "Device code is expired");
        }
        else if (grant.State == DeviceGrantState.Pending && grant.LastPoll is { } last && now - last < interval)
        {
            context.Reject(Errors.SlowDown, "Slow down");
        }
        else if (grant.State == DeviceGrantState.Pending)
        {
            grant.LastPoll = now;
            context.Reject(Errors.AuthorizationPending, "The authorization request is still pending");
        }
        else
        {
            realm.Codes.RemoveDevice(context.Token!);
            if (grant is { State: DeviceGrantState.Approved, Session: { } session })
            {
                return TokenRequest.Principal(realm, session.User, session, grant.Scope);
            }

            context.Reject(Errors.AccessDenied, "The end user denied the authorization request");
        }

        return null;
    }

    private async Task<ClaimsPrincipal?> RefreshAsync(ValidateTokenContext context, Realm realm)
    {
        var token = await writer.ReadAsync(realm, context.GetIssuer(), context.Token, refresh: true);
        if (token?.GetPayloadValue<string>("typ") is not "Refresh")
        {
            context.Reject(Errors.InvalidGrant, token is not null
                || await writer.ReadAsync(realm, context.GetIssuer(), context.Token, refresh: true, ignoreExpiry: true) is null
                ? "Invalid refresh token"
                : "Token is not active");
        }
        else if (token.GetPayloadValue<string>("azp") != context.Transaction.Request!.ClientId)
        {
            context.Reject(Errors.InvalidGrant, "Invalid refresh token. Token client and authorized client don't match");
        }
        else if (realm.Sessions.Find(token.GetPayloadValue<string>("sid")) is not { } session)
        {
            context.Reject(Errors.InvalidGrant, "Session not active");
        }
        else
        {
            return TokenRequest.Principal(realm, session.User, session, token.GetPayloadValue<string>("scope"));
        }

        return null;
    }
}
