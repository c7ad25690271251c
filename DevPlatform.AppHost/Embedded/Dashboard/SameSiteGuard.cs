using Microsoft.AspNetCore.Http;

namespace DevPlatform.AppHost.Embedded.Dashboard;

/// <summary>
/// Other web pages open in the developer's browser can reach loopback too. They must neither read the dashboard (a name of theirs that
/// resolves to 127.0.0.1) nor press its buttons (a form or script that posts here).
/// </summary>
internal static class SameSiteGuard
{
    /// <summary>A header no form can send, and no script of another origin without our leave, which we never give.</summary>
    public const string Header = "X-DevPlatform-Dashboard";

    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var problem =
            request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]") ? $"The host is '{request.Host.Host}'; allowed are localhost, 127.0.0.1 and [::1]."
            : HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null
            : !request.Headers.ContainsKey(Header) ? $"The header {Header} is missing."
            : request.Headers.Origin is [{ } origin] && origin != $"{request.Scheme}://{request.Host}" ? $"The request comes from {origin}."
            : request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none") ? "The request comes from another site."
            : null;
        if (problem is null)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(problem, context.RequestAborted);
    }
}
