using DevPlatform.Identity.Sessions;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DevPlatform.Identity.SignIn;

/// <summary>Where the frontend goes next: Keycloak's page that ends its session in this browser too and comes back.</summary>
internal sealed record LogoutAnswer(string LogoutUrl);

/// <summary>
/// <c>POST|GET /api/auth/oidc/logout</c>: ends the session, here and at Keycloak (OpenID Connect RP-Initiated Logout 1.0). Its tokens are refused
/// from now on, also where the browser does not follow <c>logoutUrl</c>.
/// </summary>
internal static partial class LogoutEndpoint
{
    private const string Why = "the session's cookie stands for the caller; an expired token must not keep anyone signed in";

    public static void Map(IEndpointRouteBuilder provider)
    {
        provider.MapPost("/logout", LogoutAsync)
            .AllowAnonymous(Why)
            .WithSummary("Signs out, here and at Keycloak")
            .WithDescription("Header X-Requested-With: XMLHttpRequest. 200 with logoutUrl, or empty when nobody was signed in.")
            .Produces<LogoutAnswer>();
        provider.MapGet("/logout", LogoutAsync).AllowAnonymous(Why).WithSummary("As POST").Produces<LogoutAnswer>();
    }

    private static async Task<IResult> LogoutAsync(
        HttpContext context, PortalAddress portal, SignInCookies cookies, KeycloakSessions keycloak, EndedSessions ended, IAuditTrail audit,
        IOptions<IdentityOptions> identity, ILoggerFactory loggers)
    {
        portal.RequireOwnScript(context.Request);
        var session = cookies.ReadSession(context);
        cookies.DeleteSession(context);
        if (session is null)
        {
            return Results.Ok();
        }

        // Whoever gave up waiting has signed out all the same.
        await ended.EndAsync(session.Actor.SessionId, session.Actor.Subject, CancellationToken.None);
        await audit.RecordAsync(session.Actor, "identity.sign-out", $"session:{session.Actor.SessionId}", AuditResult.Success);
        try
        {
            await keycloak.EndAsync(session.RefreshToken, CancellationToken.None);
            var request = new OpenIdConnectMessage
            {
                IssuerAddress = (await keycloak.EndpointsAsync(context.RequestAborted)).EndSessionEndpoint,
                ClientId = identity.Value.ClientId,
                IdTokenHint = session.IdToken,
                PostLogoutRedirectUri = $"{portal.Of(context.Request)}/",
            };
            return Results.Ok(new LogoutAnswer(request.CreateLogoutRequestUrl()));
        }
        catch (ServiceUnavailableException e)
        {
            LogFailure(loggers.CreateLogger("DevPlatform.Identity.SignIn"), e.Message);
            return Results.Ok();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A user signed out, but Keycloak could not be told: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}
