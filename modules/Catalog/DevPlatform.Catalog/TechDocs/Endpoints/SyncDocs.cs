using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Publishing;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>Brings documentation up to date, and tells how that goes.</summary>
internal static class SyncDocs
{
    public static void Map(IEndpointRouteBuilder techdocs) => techdocs.MapGet("/sync/{namespace}/{kind}/{name}", SyncAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Builds an entity's documentation anew if its repository changed it")
        .WithDescription("Server-sent events: log (a line, as JSON string), then error (a message, as JSON string) or finish ({\"updated\": …}).");

    private static async Task SyncAsync(HttpContext context, ChangeFeed feed, DocsPublisher publisher, string @namespace, string kind, string name)
    {
        var entity = await DocsEntities.FindAsync(context, feed, kind, @namespace, name, "Entity not found for");
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        try
        {
            var source = await DocsEntities.SourceAsync(context, feed, entity);
            await WriteAsync(context, publisher.Sync(source), source);
        }
        catch (PlatformException e)
        {
            await WriteAsync(context, "error", e.Message);
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Logged where it happened.
            await WriteAsync(context, "error", $"The documentation of {EntityJson.Ref(entity)} could not be built");
        }
    }

    private static async Task WriteAsync(HttpContext context, DocsRun run, DocsSource source)
    {
        await foreach (var line in run.Log.ReadAsync(context.RequestAborted))
        {
            await WriteAsync(context, "log", $"{source.EntityRef}: {line}");
        }

        var updated = await run.Updated.WaitAsync(context.RequestAborted);
        await WriteAsync(context, "finish", new { updated });
    }

    private static async Task WriteAsync(HttpContext context, string name, object data)
    {
        await context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, EntityJson.Options)}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
