using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.Api.Web;

/// <summary>Headers that keep browsers from doing what no page of ours needs.</summary>
internal static class SecurityHeaders
{
    /// <summary>API answers are data: nothing may run or be framed.</summary>
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    private const string PagePolicy =
        "default-src 'self'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; "
        + "form-action 'self'; frame-ancestors 'none'";

    /// <summary>The API reference starts itself from an inline script.</summary>
    private const string ReferencePolicy = PagePolicy + "; script-src 'self' 'unsafe-inline'; font-src 'self' data:";

    /// <summary>
    /// The portal's page: its own files, and the one inline script that carries its configuration. <c>unsafe-eval</c> is for the scaffolder: its forms
    /// check their input with ajv, which compiles each JSON schema to a function. No inline script runs, so injected markup stays inert.
    /// <c>unsafe-inline</c> is for styles only: Material UI writes them at run time. Workers from blobs are the editors'.
    /// </summary>
    public static string PortalPolicy(string configurationScript) =>
        $"{PagePolicy}; script-src 'self' 'unsafe-eval' 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(configurationScript)))}'"
        + "; connect-src 'self'; font-src 'self' data:; worker-src 'self' blob:";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
        var path = context.Request.Path;
        if (path.StartsWithSegments("/api"))
        {
            headers.ContentSecurityPolicy = DataPolicy;
            headers.CacheControl = "no-store";
        }
        else
        {
            headers.ContentSecurityPolicy = path.StartsWithSegments("/scalar") ? ReferencePolicy : PagePolicy;
        }

        return next(context);
    });
}
