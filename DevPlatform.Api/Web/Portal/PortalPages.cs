using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace DevPlatform.Api.Web.Portal;

/// <summary>
/// The portal at <c>/</c>: its built files, or while there are none a page that says how to build them. A build that appears, or is replaced, while
/// this runs is served from the next request on.
/// </summary>
internal static class PortalPages
{
    private const string Forever = "public, max-age=31536000, immutable";
    private const string Ask = "no-cache";
    private const string Never = "no-store, max-age=0";
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    /// <summary>What was compressed when the portal was built, the smaller one first.</summary>
    private static readonly (string Encoding, string Suffix)[] Compressed = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>Without a file a path is the portal's own, which routes in the browser; but unknown ones below <c>/api</c> and <c>/static</c> are 404.</summary>
    public static void MapPortal(this WebApplication app)
    {
        var build = PortalBuild.At(app.Configuration, app.Environment);
        var configuration = new PortalConfiguration(app.Configuration);
        // Not an endpoint: as one for every path it would answer for the methods of the others, too.
        app.Use((context, next) =>
        {
            var request = context.Request;
            var isPage = context.GetEndpoint() is null && !request.Path.StartsWithSegments("/api") && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));
            return isPage ? Serve(context, build, configuration, request.Path.Value!.TrimStart('/')).ExecuteAsync(context) : next(context);
        });
    }

    private static IResult Serve(HttpContext context, PortalBuild build, PortalConfiguration configuration, string path)
    {
        if (path.Length > 0 && build.Find(path) is { } file)
        {
            return Send(context, file, path.StartsWith("static/", StringComparison.Ordinal) ? Forever : Ask);
        }

        if (path.StartsWith("static/", StringComparison.Ordinal))
        {
            // Of a build before this one: a page instead of a script would only confuse.
            context.Response.Headers.CacheControl = Never;
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        context.Response.Headers.CacheControl = Never;
        if (build.Template() is not { } template)
        {
            return Results.Content(NotBuiltPage.Html, "text/html; charset=utf-8");
        }

        var injected = configuration.For(context.Request);
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PortalPolicy(injected);
        return Results.Content(PortalTemplate.Render(template, configuration.Title, injected), "text/html; charset=utf-8");
    }

    private static IResult Send(HttpContext context, FileInfo file, string cacheControl)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = cacheControl;
        if (!ContentTypes.TryGetContentType(file.Name, out var contentType))
        {
            contentType = "application/octet-stream";
        }
        else if (contentType.StartsWith("text/", StringComparison.Ordinal) || contentType is "application/javascript")
        {
            contentType += "; charset=utf-8";
        }

        var sent = file;
        foreach (var (encoding, suffix) in Compressed)
        {
            var smaller = new FileInfo(file.FullName + suffix);
            if (!smaller.Exists)
            {
                continue;
            }

            headers.Vary = HeaderNames.AcceptEncoding;
            if (Accepts(context.Request, encoding))
            {
                headers.ContentEncoding = encoding;
                sent = smaller;
                break;
            }
        }

        var tag = new EntityTagHeaderValue($"\"{sent.LastWriteTimeUtc.Ticks:x}-{sent.Length:x}\"");
        return Results.File(sent.FullName, contentType, lastModified: new DateTimeOffset(sent.LastWriteTimeUtc), entityTag: tag);
    }

    private static bool Accepts(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(a => a.Quality != 0 && a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase));
}
