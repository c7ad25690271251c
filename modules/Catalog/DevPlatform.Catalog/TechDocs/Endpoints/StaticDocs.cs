using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Publishing;
using DevPlatform.Catalog.TechDocs.Site;
using DevPlatform.Catalog.TechDocs.Storage;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>The files of a site. What is not built yet is built by the first who asks.</summary>
internal static class StaticDocs
{
    private const string Missing = "Entity not found for";

    public static void Map(IEndpointRouteBuilder techdocs) => techdocs.MapGet("/static/docs/{namespace}/{kind}/{name}/{**path}", ReadAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .AcceptTokenCookie(DocsCookie.Name)
        .WithSummary("A file of an entity's documentation; pages are <path>/index.html")
        .WithDescription("Accepts the cookie of /.backstage/auth/v1/cookie instead of a token. Pages come as text/plain: the reader shows them, a browser does not run them.");

    private static async Task ReadAsync(
        HttpContext context, ChangeFeed feed, DocsPublisher publisher, IDocsStorage storage, string @namespace, string kind, string name, string? path)
    {
        if (Lower(context, $"{@namespace}/{kind}/{name}") is { } lowerCase)
        {
            context.Response.Redirect(lowerCase, permanent: true);
            return;
        }

        var entity = await DocsEntities.FindAsync(context, feed, kind, @namespace, name, Missing);
        path = string.IsNullOrEmpty(path) || path.EndsWith('/') ? path + "index.html" : path;
        try
        {
            var source = await DocsEntities.SourceAsync(context, feed, entity);
            var (_, key) = await publisher.GetAsync(source, context.RequestAborted);
            await using var content = await storage.OpenAsync(key, path, context.RequestAborted);
            await (content is null ? NotFoundAsync(context, "File Not Found") : WriteAsync(context, content, path, key));
        }
        catch (PlatformException e)
        {
            // The reader takes any other status than 404 and 500 for a page. Why there is none, its sync tells.
            await NotFoundAsync(context, $"File Not Found: {e.Message}");
        }
    }

    private static async Task WriteAsync(HttpContext context, Stream content, string path, string key)
    {
        var headers = context.Response.Headers;
        headers.ETag = $"\"{key}\"";
        headers.CacheControl = path == SiteStyles.Path ? "private, max-age=604800, immutable" : "private, no-cache";
        if (context.Request.Headers.IfNoneMatch.Any(known => known?.Contains(key, StringComparison.Ordinal) == true))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = DocsContentTypes.Of(path);
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task NotFoundAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string? Lower(HttpContext context, string triplet)
    {
        var lower = triplet.ToLowerInvariant();
        // The path of the request as it came, so that what is escaped stays escaped.
        return lower == triplet ? null : $"{Replace(context.Request.Path.ToUriComponent(), triplet, lower)}{context.Request.QueryString}";
    }

    private static string Replace(string path, string triplet, string lower)
    {
        var at = path.IndexOf(triplet, StringComparison.Ordinal);
        return at < 0 ? path.ToLowerInvariant() : path[..at] + lower + path[(at + triplet.Length)..];
    }
}
