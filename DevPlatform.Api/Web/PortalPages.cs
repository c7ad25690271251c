using Microsoft.Extensions.FileProviders;

namespace DevPlatform.Api.Web;

/// <summary>The portal at <c>/</c>: its built files, or while there are none a page that says how to build them.</summary>
internal static class PortalPages
{
    private const string NotBuilt = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>DevPlatform</title></head>
        <body style="font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; line-height: 1.5">
        <h1>The portal is not built yet</h1>
        <p>The API is running. To build the portal, run this at the root of the repository and restart:</p>
        <pre>./dev portal</pre>
        <p>Meanwhile: <a href="/scalar">API reference</a> · <a href="/openapi/v1.json">OpenAPI document</a> · <a href="/health/ready">health</a></p>
        </body>
        </html>
        """;

    /// <summary>
    /// Serves <c>Portal:Directory</c> (default: <c>portal</c> beside the program). The portal routes in the browser, so every path without a
    /// file is its index.html, but for <c>/api</c>, where the unknown is a 404.
    /// </summary>
    public static void MapPortal(this WebApplication app)
    {
        var directory = Path.GetFullPath(app.Configuration["Portal:Directory"] ?? "portal", AppContext.BaseDirectory);
        if (!File.Exists(Path.Combine(directory, "index.html")))
        {
            app.MapGet("/", () => Results.Content(NotBuilt, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
            return;
        }

        var files = new PhysicalFileProvider(directory);
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files });
        app.MapFallback("{**path:nonfile}", (HttpContext context) => context.Request.Path.StartsWithSegments("/api")
                ? Results.StatusCode(StatusCodes.Status404NotFound)
                : Results.File(files.GetFileInfo("index.html").PhysicalPath!, "text/html; charset=utf-8"))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
