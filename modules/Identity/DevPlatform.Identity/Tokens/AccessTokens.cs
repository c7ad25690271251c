using DevPlatform.Identity.Sessions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.Identity.Tokens;

/// <summary>
/// Lets callers in who bring an acceptable token (spec: identity, Tokens; trust boundaries B3, B4): a Keycloak access token of our realm for our
/// audience, whose session has not ended. Everything else is 401.
/// </summary>
internal sealed class AccessTokens(
    IOptions<IdentityOptions> options, TokenRules rules, KeycloakKeys keys, TimeProvider time, CallerCache callers, TokenCookies cookies, EndedSessions ended)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <summary>Keycloak's word for an access token.</summary>
    public const string Kind = "Bearer";

    public static readonly string[] HeaderTypes = ["JWT", "at+jwt"];

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions jwt)
    {
        jwt.MapInboundClaims = false;
        jwt.ConfigurationManager = keys;
        jwt.TimeProvider = time;
        jwt.TokenValidationParameters = rules.For(options.Value.Audience, HeaderTypes);
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
            context.Token = cookies.Read(context.HttpContext) ?? WebSocketToken(context.HttpContext);
            token = context.Token;
        }

        if (!token.IsEmpty && callers.Find(token) is { } cached && !ended.Contain(cached.Caller))
        {
            context.HttpContext.Features.Set(cached.Caller);
            context.Principal = cached.Principal;
            context.Success();
        }

        return Task.CompletedTask;
    }

    private async Task AcceptAsync(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (TokenRules.KindOf(token) is var kind && kind != Kind)
        {
            Refuse(context, $"claim \"typ\": found \"{kind ?? "nothing"}\"; allowed: {Kind} (an access token)");
            return;
        }

        if (ClaimsReader.Read(token, options.Value, out var problem) is not { } caller)
        {
            Refuse(context, problem!);
            return;
        }

        await ended.KnownAsync(context.HttpContext.RequestAborted);
        if (ended.Contain(caller))
        {
            Refuse(context, "its session has ended");
            return;
        }

        context.HttpContext.Features.Set(caller);
        callers.Add(token.EncodedToken, new CachedCaller(caller, context.Principal!));
    }

    private static void Refuse(TokenValidatedContext context, string reason)
    {
        context.HttpContext.Features.Set(new ErrorMessage($"Invalid token: {reason}"));
        context.Fail(reason);
    }

    private Task Explain(AuthenticationFailedContext context)
    {
        rules.EnsureKnown();
        context.HttpContext.Features.Set(new ErrorMessage($"Invalid token: {rules.ReasonOf(context.Exception)}"));
        return Task.CompletedTask;
    }

    private static ReadOnlySpan<char> BearerToken(HttpContext context)
    {
        const string scheme = "Bearer ";
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header.AsSpan(scheme.Length).Trim() : [];
    }

    /// <summary>Browsers cannot set a header on a WebSocket; Backstage's signals send the token as its sub-protocol.</summary>
    private static string? WebSocketToken(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest && context.WebSockets.WebSocketRequestedProtocols is [var token] ? token : null;
}
