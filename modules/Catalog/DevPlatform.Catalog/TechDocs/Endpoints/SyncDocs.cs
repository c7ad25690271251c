using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Publishing;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Web;
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
        await EventStream.RunAsync(context, async stream =>
        {
            try
            {
                var source = await DocsEntities.SourceAsync(context, feed, entity);
                await WriteAsync(stream, publisher.Sync(source), source);
            }
            catch (PlatformException e)
            {
                await WriteAsync(stream, "error", e.Message);
            }
            catch (Exception) when (!stream.End.IsCancellationRequested)
            {
                // Logged where it happened.
                await WriteAsync(stream, "error", $"The documentation of {EntityJson.Ref(entity)} could not be built");
            }
        });
    }

    private static async Task WriteAsync(EventStream stream, DocsRun run, DocsSource source)
    {
        await foreach (var line in run.Log.ReadAsync(stream.End))
        {
            await WriteAsync(stream, "log", $"{source.EntityRef}: {line}");
        }

        var updated = await run.Updated.WaitAsync(stream.End);
        await WriteAsync(stream, "finish", new { updated });
    }

    private static async Task WriteAsync(EventStream stream, string name, object data)
    {
        await stream.WriteAsync(name, JsonSerializer.Serialize(data, EntityJson.Options));
        await stream.FlushAsync();
    }
}
