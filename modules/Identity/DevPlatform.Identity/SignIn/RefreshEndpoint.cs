using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Identity.SignIn;

/// <summary><c>GET|POST /api/auth/oidc/refresh</c>: new tokens for the session in the cookie.</summary>
internal static class RefreshEndpoint
{
    private const string Why = "the session's cookie stands for the caller";

    public static void Map(IEndpointRouteBuilder provider)
    {
        provider.MapGet("/refresh", RefreshAsync)
            .AllowAnonymous(Why)
            .WithSummary("New tokens for the browser's session")
            .WithDescription(
                "Header X-Requested-With: XMLHttpRequest. 401 without a session or when it has ended; with optional (\"is somebody signed in?\") and no session "
                + "200 with an error in the body, which Backstage's frontend takes as well and browsers do not report as a failure.")
            .Produces<SignInAnswer>();
        provider.MapPost("/refresh", RefreshAsync).AllowAnonymous(Why).WithSummary("As GET").Produces<SignInAnswer>();
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, PortalAddress portal, SignInCookies cookies, SignInFlow flow)
    {
        portal.RequireOwnScript(context.Request);
        if (cookies.ReadSession(context) is not { } session)
        {
            var missing = new AuthenticationException("Refresh failed; caused by InputError: Missing session cookie");
            return context.Request.Query.ContainsKey("optional") && !cookies.HasSession(context)
                ? Results.Ok(new { error = new { name = missing.Name, message = missing.Message } })
                : throw missing;
        }

        try
        {
            return Results.Ok((await flow.RefreshAsync(context, session)).ToAnswer());
        }
        catch (AuthenticationException e)
        {
            // An error's answer begins anew, without the headers set before.
            context.Response.OnStarting(() =>
            {
                cookies.DeleteSession(context);
                return Task.CompletedTask;
            });
            throw new AuthenticationException($"Refresh failed; caused by {e.Name}: {e.Message}");
        }
    }
}
