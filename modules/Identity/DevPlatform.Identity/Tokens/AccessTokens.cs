using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DevPlatform.Identity.Tokens;

/// <summary>
/// The rules of an acceptable token (spec: identity, Tokens; trust boundaries B3, B4): a Keycloak access token of our realm for our audience,
/// in time, signed with an asymmetric key of the realm. Everything else is 401.
/// </summary>
internal sealed class AccessTokens(IOptions<IdentityOptions> options, KeycloakKeys keys, TimeProvider time, CallerCache callers, TokenCookies cookies)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions jwt)
    {
        jwt.MapInboundClaims = false;
        jwt.ConfigurationManager = keys;
        jwt.TimeProvider = time;
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = options.Value.Audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["JWT", "at+jwt"],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateIssuerSigningKey = true,
            LifetimeValidator = ValidateLifetime,
            NameClaimType = "preferred_username",
        };
        jwt.Events = new JwtBearerEvents
        {
            OnMessageReceived = UseCached,
            OnTokenValidated = AcceptAsync,
            OnAuthenticationFailed = Explain,
        };
    }

    /// <summary>A token that was validated moments ago need not be validated again.</summary>
    private Task UseCached(MessageReceivedContext context)
    {
        var token = BearerToken(context.HttpContext);
        if (token.IsEmpty)
        {
            context.Token = cookies.Read(context.HttpContext);
            token = context.Token;
        }

        if (!token.IsEmpty && callers.Find(token) is { } cached)
        {
            context.HttpContext.Features.Set(cached.Caller);
            context.Principal = cached.Principal;
            context.Success();
        }

        return Task.CompletedTask;
    }

    private Task AcceptAsync(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (!token.TryGetPayloadValue<string>("typ", out var type) || !string.Equals(type, "Bearer", StringComparison.Ordinal))
        {
            return Refuse(context, $"claim \"typ\": found \"{type ?? "nothing"}\"; allowed: Bearer (an access token)");
        }

        if (ClaimsReader.Read(token, options.Value, out var problem) is not { } caller)
        {
            return Refuse(context, problem!);
        }

        context.HttpContext.Features.Set(caller);
        callers.Add(token.EncodedToken, new CachedCaller(caller, context.Principal!));
        return Task.CompletedTask;
    }

    private static Task Refuse(TokenValidatedContext context, string reason)
    {
        context.HttpContext.Features.Set(new ErrorMessage($"Invalid token: {reason}"));
        context.Fail(reason);
        return Task.CompletedTask;
    }

    private Task Explain(AuthenticationFailedContext context)
    {
        if (!keys.Known)
        {
            throw new ServiceUnavailableException("Tokens cannot be validated: Keycloak has not answered yet; try again in a few seconds");
        }

        context.HttpContext.Features.Set(new ErrorMessage($"Invalid token: {ReasonOf(context.Exception)}"));
        return Task.CompletedTask;
    }

    /// <summary>No more than the caller needs to mend it: the exceptions' own texts may hold parts of the token.</summary>
    private string ReasonOf(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidIssuerException => $"it is not from realm {options.Value.Realm}",
        SecurityTokenInvalidAudienceException => $"its audience is not {options.Value.Audience}",
        SecurityTokenInvalidAlgorithmException => "its algorithm is not one of RS256, PS256, ES256",
        SecurityTokenSignatureKeyNotFoundException => "it is signed with an unknown key",
        SecurityTokenInvalidSignatureException => "its signature is not right",
        _ => "it is not a valid access token",
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

    private static ReadOnlySpan<char> BearerToken(HttpContext context)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(scheme.Length).Trim() : [];
    }
}
