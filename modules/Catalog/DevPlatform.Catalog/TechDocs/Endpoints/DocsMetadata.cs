using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Publishing;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>What the reader's header shows.</summary>
internal static class DocsMetadata
{
    private const string Missing = "Unable to get metadata for";

    public static void Map(IEndpointRouteBuilder techdocs)
    {
        techdocs.MapGet("/metadata/techdocs/{namespace}/{kind}/{name}", SiteAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("What is known of an entity's documentation: name, build, last commit, broken links, files");
        techdocs.MapGet("/metadata/entity/{namespace}/{kind}/{name}", EntityAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("An entity, and in locationMetadata where its documentation is written");
    }

    private static async Task<IResult> SiteAsync(HttpContext context, ChangeFeed feed, DocsPublisher publisher, string @namespace, string kind, string name)
    {
        var entity = await DocsEntities.FindAsync(context, feed, kind, @namespace, name, Missing);
        try
        {
            var source = await DocsEntities.SourceAsync(context, feed, entity);
            var (site, _) = await publisher.GetAsync(source, context.RequestAborted);
            return Results.Text(site.Metadata, "application/json");
        }
        catch (PlatformException e) when (e is NotFoundException or InputException)
        {
            throw new NotFoundException($"{Missing} '{EntityJson.Ref(entity)}'; {e.Message}");
        }
    }

    private static async Task<IResult> EntityAsync(HttpContext context, ChangeFeed feed, string @namespace, string kind, string name)
    {
        var entity = await DocsEntities.FindAsync(context, feed, kind, @namespace, name, Missing);
        try
        {
            var source = await DocsEntities.SourceAsync(context, feed, entity);
            entity["locationMetadata"] = new JsonObject { ["type"] = "url", ["target"] = source.Url.ToString() };
            return Results.Text(EntityJson.Write(entity), "application/json");
        }
        catch (InputException e)
        {
            throw new NotFoundException($"{Missing} '{EntityJson.Ref(entity)}'; {e.Message}");
        }
    }
}
