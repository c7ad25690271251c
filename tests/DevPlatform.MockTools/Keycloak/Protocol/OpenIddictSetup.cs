using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace DevPlatform.MockTools.Keycloak.Protocol;

/// <summary>
/// OpenIddict as the protocol engine, with Keycloak's paths. It parses and validates requests, checks PKCE and builds responses; who may do
/// what comes from the realm, and the tokens themselves are Keycloak's. The realm is in the path base, so one server serves them all.
/// </summary>
internal static class OpenIddictSetup
{
    public const string Base = "protocol/openid-connect";

    public static void AddKeycloakProtocol(this IServiceCollection services)
    {
        services.AddOpenIddict().AddServer(options =>
        {
            options.SetConfigurationEndpointUris(".well-known/openid-configuration")
                .SetAuthorizationEndpointUris($"{Base}/auth")
                .SetTokenEndpointUris($"{Base}/token")
                .SetDeviceAuthorizationEndpointUris($"{Base}/auth/device")
                .SetEndUserVerificationEndpointUris("device")
                .SetJsonWebKeySetEndpointUris(Array.Empty<string>());
            options.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().AllowPasswordFlow()
                .AllowDeviceAuthorizationFlow();
            options.EnableDegradedMode();
            options.DisableScopeValidation();
            options.DisableAccessTokenEncryption();
            // Scopes are the realm's: the request checks look at them.
            options.DisableScopeValidation();

            // OpenIddict insists on keys; they sign nothing, each realm has its own.
            options.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
            options.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));

            options.UseAspNetCore().DisableTransportSecurityRequirement()
                .EnableAuthorizationEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough().EnableErrorPassthrough();

            First<ValidateAuthorizationRequestContext, AuthorizationRequestCheck>(options);
            First<ValidateTokenRequestContext, TokenRequestCheck>(options);
            First<ValidateDeviceAuthorizationRequestContext, DeviceRequestCheck>(options);
            First<ValidateEndUserVerificationRequestContext, AcceptVerification>(options);
            First<HandleDeviceAuthorizationRequestContext, DeviceGrants>(options);
            First<GenerateTokenContext, KeycloakTokenGeneration>(options);
            First<ValidateTokenContext, KeycloakTokenValidation>(options);
            First<ApplyTokenResponseContext, TokenResponseShape>(options);
            First<ApplyDeviceAuthorizationResponseContext, DeviceResponseShape>(options);
            options.AddEventHandler<HandleTokenRequestContext>(b => b.UseSingletonHandler<TokenGrants>()
                .SetOrder(OpenIddictServerHandlers.Exchange.AttachPrincipal.Descriptor.Order + 500));
            options.AddEventHandler<HandleConfigurationRequestContext>(b => b.UseSingletonHandler<DiscoveryDocument>().SetOrder(int.MaxValue - 1000));
            options.AddEventHandler<ProcessSignInContext>(b => b.UseSingletonHandler<RefreshTokenAlways>()
                .SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 500));
        });
    }

    private static void First<TContext, THandler>(OpenIddictServerBuilder options)
        where TContext : BaseContext
        where THandler : class, IOpenIddictServerHandler<TContext> =>
        options.AddEventHandler<TContext>(builder => builder.UseSingletonHandler<THandler>().SetOrder(int.MinValue + 50_000));

    /// <summary>Keycloak hands out refresh tokens without being asked for <c>offline_access</c>, except to service accounts.</summary>
    private sealed class RefreshTokenAlways : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            var isToken = context.EndpointType is OpenIddictServerEndpointType.Token && context.Request.GrantType is not GrantTypes.ClientCredentials;
            context.GenerateRefreshToken = context.IncludeRefreshToken = isToken;
            return default;
        }
    }

    /// <summary>The user code is checked by the page itself, which shows its own errors.</summary>
    private sealed class AcceptVerification : IOpenIddictServerHandler<ValidateEndUserVerificationRequestContext>
    {
        public ValueTask HandleAsync(ValidateEndUserVerificationRequestContext context) => default;
    }
}
