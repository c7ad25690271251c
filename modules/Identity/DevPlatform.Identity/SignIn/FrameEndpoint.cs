using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Identity.SignIn;

/// <summary>What Keycloak answers with (RFC 6749, section 4.1.2; <c>iss</c>: RFC 9207).</summary>
internal readonly record struct FrameQuery(string? State, string? Code, string? Error, [FromQuery(Name = "error_description")] string? Description, string? Iss);

/// <summary><c>GET /api/auth/oidc/handler/frame</c>: where Keycloak sends the browser back to.</summary>
internal static partial class FrameEndpoint
{
    public static void Map(IEndpointRouteBuilder provider) => provider.MapGet("/handler/frame", HandleAsync)
        .AllowAnonymous("who signs in has no token yet; Keycloak's answer is bound to the browser by a cookie")
        .WithSummary("Takes Keycloak's answer and tells the portal's page the result")
        .WithDescription("Always a page (200), or in the redirect flow a redirect; what went wrong is in the message, as Backstage's frontend expects.");

    private static async Task<IResult> HandleAsync(
        HttpContext context, [AsParameters] FrameQuery query, PortalAddress portal, SignInCookies cookies, SignInFlow flow, ILoggerFactory loggers)
    {
        var attempt = query.State is { Length: > 0 } state ? cookies.Take(context, state) : null;
        try
        {
            var signedIn = await flow.CompleteAsync(context, attempt, query);
            return attempt!.RedirectUrl is { } target
                ? Results.Redirect(target)
                : FramePage.Show(context, attempt.Origin, new { type = "authorization_response", response = signedIn.ToAnswer() });
        }
        catch (Exception e) when (PlatformExceptions.Explain(e) is { } failure)
        {
            LogFailure(loggers.CreateLogger("DevPlatform.Identity.SignIn"), failure.Message);
            return attempt?.RedirectUrl is { } target
                ? Results.Redirect(QueryHelpers.AddQueryString(target, "error", failure.Message))
                : FramePage.Show(context, attempt?.Origin ?? portal.Of(context.Request), new { type = "authorization_response", error = new { name = failure.Name, message = failure.Message } });
        }
    }

    [LoggerMessage(LogLevel.Information, "A sign-in failed: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}

/// <summary>Makes a session of Keycloak's answer.</summary>
internal sealed class SignInFlow(KeycloakSessions keycloak, SignInCheck check, SignInCookies cookies, IAuditTrail audit, TimeProvider time)
{
    /// <exception cref="PlatformException">What went wrong, for the user.</exception>
    public async Task<SignedIn> CompleteAsync(HttpContext context, SignInAttempt? attempt, FrameQuery query)
    {
        if (attempt is null || attempt.State != query.State || attempt.ExpiresAt < time.GetUtcNow())
        {
            throw new NotAllowedException("This sign-in was not started in this browser, or too long ago; try again");
        }

        if (query.Iss is not null && query.Iss != (await keycloak.EndpointsAsync(context.RequestAborted)).Issuer)
        {
            throw new NotAllowedException("The answer is not from our Keycloak");
        }

        if (query.Error is not null || query.Code is not { Length: > 0 })
        {
            throw new AuthenticationException($"Keycloak did not sign you in: {query.Description ?? query.Error ?? "it sent no code"}");
        }

        var signedIn = await check.AcceptAsync(await keycloak.RedeemAsync(query.Code, attempt, context.RequestAborted), attempt.Nonce, context.RequestAborted);
        var actor = signedIn.Caller.ToActor();
        await audit.RecordAsync(actor, "identity.sign-in", $"session:{actor.SessionId}", AuditResult.Success);
        // Last: no session without its entry in the audit trail.
        Keep(context, signedIn, null);
        return signedIn;
    }

    /// <summary>New tokens for a session, whose cookie follows Keycloak's rotation.</summary>
    /// <exception cref="AuthenticationException">The session has ended.</exception>
    public async Task<SignedIn> RefreshAsync(HttpContext context, PortalSession session)
    {
        var signedIn = await check.AcceptAsync(await keycloak.RefreshAsync(session.RefreshToken, context.RequestAborted), session, context.RequestAborted);
        Keep(context, signedIn, session);
        return signedIn;
    }

    private void Keep(HttpContext context, SignedIn signedIn, PortalSession? before)
    {
        var tokens = signedIn.Tokens;
        if ((tokens.RefreshToken ?? before?.RefreshToken) is { } refresh && (tokens.IdToken ?? before?.IdToken) is { } id)
        {
            cookies.Write(
                context, new PortalSession(refresh, id, signedIn.Caller.ToActor()),
                tokens.RefreshExpiresIn > 0 ? time.GetUtcNow().AddSeconds(tokens.RefreshExpiresIn) : null);
        }
    }
}
