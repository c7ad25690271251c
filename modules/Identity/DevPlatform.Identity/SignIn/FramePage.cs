using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Identity.SignIn;

/// <summary>
/// The page that Keycloak's answer ends in: tells the portal's page that opened it, and closes itself. The browser hands the result to pages of
/// one origin only, and runs this one script only.
/// </summary>
internal static class FramePage
{
    /// <summary>The result, or the error, as Backstage's frontend expects it.</summary>
    public static IResult Show(HttpContext context, string origin, object message)
    {
        // System.Text.Json escapes what could end the script ("<", ">", "&", U+2028).
        var script = $$"""
            const opener = window.opener || window.parent;
            const origin = {{JsonSerializer.Serialize(origin)}};
            opener.postMessage({ type: 'config_info', targetOrigin: origin }, '*');
            opener.postMessage({{JsonSerializer.Serialize(message, JsonSerializerOptions.Web)}}, origin);
            setTimeout(() => window.close(), 100);
            """.ReplaceLineEndings("\n");
        var headers = context.Response.Headers;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        // The page's own address has the code in it.
        headers["Referrer-Policy"] = "no-referrer";
        KeepOpener(context.Response);
        return Results.Content(
            $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head>\n<body><p>You can close this window.</p><script>{script}</script></body></html>\n",
            "text/html; charset=utf-8");
    }

    /// <summary>A popup that passes pages of another opener policy than Keycloak's (none) loses the page that opened it, and with it who is to be told.</summary>
    public static void KeepOpener(HttpResponse response) => response.Headers["Cross-Origin-Opener-Policy"] = "unsafe-none";
}
