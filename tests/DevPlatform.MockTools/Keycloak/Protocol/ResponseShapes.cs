using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>Keycloak's members of the token answer, and its error bodies and status codes.</summary>
internal sealed class TokenResponseShape : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>Set on a request whose <c>invalid_grant</c> Keycloak answers with 401 (a wrong password).</summary>
    public static readonly object Unauthorized = new();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Response.Error is not null)
        {
            ErrorShape.Apply(context, context.Response);
            return default;
        }

        var realm = context.GetRealm();
        var token = new JsonWebToken(context.Response.AccessToken);
        context.Response.ExpiresIn = realm.Representation.AccessTokenLifespan;
        context.Response.Scope = token.GetPayloadValue<string>("scope");
        context.Response.SetParameter("refresh_expires_in", context.Response.RefreshToken is null ? 0 : realm.Representation.SsoSessionIdleTimeout);
        context.Response.SetParameter("not-before-policy", 0);
        if (token.TryGetPayloadValue<string>("sid", out var session))
        {
            context.Response.SetParameter("session_state", session);
        }

        return default;
    }
}

internal sealed class DeviceResponseShape : IOpenIddictServerHandler<ApplyDeviceAuthorizationResponseContext>
{
    public ValueTask HandleAsync(ApplyDeviceAuthorizationResponseContext context)
    {
        if (context.Response.Error is not null)
        {
            ErrorShape.Apply(context, context.Response);
        }
        else
        {
            context.Response.SetParameter("interval", context.GetRealm().Representation.Oauth2DevicePollingInterval);
        }

        return default;
    }
}

internal static class ErrorShape
{
    public static void Apply(BaseContext context, OpenIddict.Abstractions.OpenIddictResponse response)
    {
        if (response.ErrorUri is not null && Reword(response.ErrorDescription ?? "") is { } description)
        {
            (response.Error, response.ErrorDescription) = (Errors.InvalidGrant, description);
        }

        response.ErrorUri = null;
        var http = context.GetHttp();
        var unauthorized = response.Error is Errors.InvalidClient or Errors.UnauthorizedClient
            || http.Items.ContainsKey(TokenResponseShape.Unauthorized);

        // OpenIddict sets the status in a later step of this event; the response is written after that.
        http.Response.OnStarting(() =>
        {
            http.Response.StatusCode = unauthorized ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        });
    }

    /// <summary>OpenIddict's own checks of a code, in Keycloak's words.</summary>
    private static string? Reword(string description) => description switch
    {
        _ when description.Contains(Parameters.RedirectUri, StringComparison.Ordinal) => "Incorrect redirect_uri",
        _ when description.Contains(Parameters.CodeVerifier, StringComparison.Ordinal)
            && description.Contains("missing", StringComparison.Ordinal) => "PKCE code verifier not specified",
        _ when description.Contains(Parameters.CodeVerifier, StringComparison.Ordinal) => "PKCE verification failed: Code mismatch",
        _ => null,
    };
}

/// <summary>The discovery document: OpenIddict's, with Keycloak's endpoints and members.</summary>
internal sealed class DiscoveryDocument : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        var issuer = context.GetIssuer();
        Uri At(string path) => new($"{issuer}/{OpenIddictSetup.Base}/{path}");
        context.Issuer = new Uri(issuer);
        context.JsonWebKeySetEndpoint = At("certs");
        context.UserInfoEndpoint = At("userinfo");
        context.EndSessionEndpoint = At("logout");
        context.IntrospectionEndpoint = At("token/introspect");
        context.RevocationEndpoint = At("revoke");
        Replace(context.IdTokenSigningAlgorithms, "RS256");
        Replace(context.Scopes, "openid", "profile", "email", "roles", "web-origins", "acr", "basic", "offline_access", "address", "phone",
            "microprofile-jwt");
        Replace(context.Claims, "iss", "sub", "aud", "exp", "iat", "auth_time", "name", "given_name", "family_name", "preferred_username",
            "email", "acr", "azp", "nonce");
        Replace(context.CodeChallengeMethods, "plain", "S256");
        context.Metadata["frontchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;
        return default;
    }

    private static void Replace(ICollection<string> values, params string[] with)
    {
        values.Clear();
        foreach (var value in with)
        {
            values.Add(value);
        }
    }
}
