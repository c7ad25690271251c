using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Queries;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.TechDocs.Endpoints;

/// <summary>The entity in a path, as far as the caller may see it, and where its documentation is.</summary>
internal static class DocsEntities
{
    /// <exception cref="NotFoundException">There is none, or it is hidden; <paramref name="message"/> says it as Backstage does.</exception>
    public static async Task<JsonObject> FindAsync(HttpContext context, ChangeFeed feed, string kind, string @namespace, string name, string message)
    {
        try
        {
            var found = await GetEntities.FindAsync(context, feed, kind, @namespace, name);
            return JsonNode.Parse(found.Json)!.AsObject();
        }
        catch (NotFoundException)
        {
            throw new NotFoundException($"{message} '{new EntityRef(kind, @namespace, name)}'");
        }
    }

    /// <summary>
    /// Where an entity's documentation is: its own, or with annotation <c>backstage.io/techdocs-entity</c> that of another entity, if the caller
    /// may see that one too.
    /// </summary>
    /// <exception cref="PlatformException">It has none that may be shown.</exception>
    public static async Task<DocsSource> SourceAsync(HttpContext context, ChangeFeed feed, JsonObject entity)
    {
        var annotations = entity["metadata"]?["annotations"];
        if (annotations?[DocsSource.RefAnnotation] is not null || EntityJson.Text(annotations?[DocsSource.EntityAnnotation]) is not { } other)
        {
            return DocsSource.Of(entity);
        }

        return EntityRef.TryParse(other, out var target, EntityJson.Kind(entity), EntityJson.Namespace(entity))
            ? DocsSource.Of(await FindAsync(context, feed, target.Kind, target.Namespace, target.Name, $"{DocsSource.EntityAnnotation} of {EntityJson.Ref(entity)} names an unknown entity,"))
            : throw InputException.For(DocsSource.EntityAnnotation, other, "an entity reference");
    }
}
