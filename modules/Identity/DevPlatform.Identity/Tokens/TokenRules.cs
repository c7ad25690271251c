using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.Identity.Tokens;

/// <summary>
/// What holds for every token of the realm (trust boundary B4): its issuer, in time, signed with one of its asymmetric keys. What kind of token
/// it is, and for whom, the caller says.
/// </summary>
internal sealed class TokenRules(IOptions<IdentityOptions> options, KeycloakKeys keys, TimeProvider time)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>The rules for tokens with this audience and one of these header types.</summary>
    public TokenValidationParameters For(string audience, params string[] headerTypes) => new()
    {
        ValidAudience = audience,
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
        ValidTypes = headerTypes,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuerSigningKey = true,
        LifetimeValidator = ValidateLifetime,
        NameClaimType = "preferred_username",
        ConfigurationManager = keys,
    };

    /// <summary>The token, when it follows the rules and its claim <c>typ</c> says that it is of this kind.</summary>
    /// <exception cref="SecurityTokenException">It does not; <see cref="ReasonOf"/> says why.</exception>
    /// <exception cref="ServiceUnavailableException">Nobody knows yet: Keycloak has not answered.</exception>
    public async Task<JsonWebToken> ValidateAsync(string token, string kind, TokenValidationParameters rules)
    {
        var result = await Handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid)
        {
            EnsureKnown();
            throw result.Exception;
        }

        var validated = (JsonWebToken)result.SecurityToken;
        return KindOf(validated) == kind
            ? validated
            : throw new SecurityTokenInvalidTypeException($"claim \"typ\": found \"{KindOf(validated) ?? "nothing"}\"; allowed: {kind}");
    }

    /// <summary>What kind of token Keycloak says it is: Bearer, ID, Refresh, Logout.</summary>
    public static string? KindOf(JsonWebToken token) => token.TryGetPayloadValue<string>("typ", out var kind) ? kind : null;

    /// <exception cref="ServiceUnavailableException">Keycloak has not answered yet.</exception>
    public void EnsureKnown()
    {
        if (!keys.Known)
        {
            throw new ServiceUnavailableException("Tokens cannot be validated: Keycloak has not answered yet; try again in a few seconds");
        }
    }

    /// <summary>No more than the caller needs to mend it: the exceptions' own texts may hold parts of the token.</summary>
    public string ReasonOf(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidIssuerException => $"it is not from realm {options.Value.Realm}",
        SecurityTokenInvalidAudienceException => "its audience is not ours",
        SecurityTokenInvalidAlgorithmException => "its algorithm is not one of RS256, PS256, ES256",
        SecurityTokenSignatureKeyNotFoundException => "it is signed with an unknown key",
        SecurityTokenInvalidSignatureException => "its signature is not right",
        _ => "it is not the kind of token that belongs here",
    };

    private bool ValidateLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is not { } end || end <= now - ClockSkew)
        {
            throw new SecurityTokenExpiredException();
        }

        return notBefore is not { } start || start <= now + ClockSkew ? true : throw new SecurityTokenNotYetValidException();
    }
}
