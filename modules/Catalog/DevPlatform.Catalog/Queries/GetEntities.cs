using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Queries;

/// <summary>Entities by name, by uid, by refs, and how they came into the catalog.</summary>
internal static class GetEntities
{
    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapGet("/entities/by-name/{kind}/{namespace}/{name}", ByNameAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Answers one entity; kind, namespace and name in any case");
        catalog.MapGet("/entities/by-name/{kind}/{namespace}/{name}/ancestry", AncestryAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Answers an entity and the Location entities that led to it");
        catalog.MapGet("/entities/by-uid/{uid}", ByUidAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Answers one entity");
        catalog.MapPost("/entities/by-refs", ByRefsAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Answers entities in the order of their refs, null where there is none")
            .WithDescription("Body: entityRefs (lower case), fields, query (predicate); query parameter filter.");
    }

    /// <summary>One entity that the caller may see.</summary>
    /// <exception cref="NotFoundException">There is none, or it is hidden.</exception>
    public static async Task<IndexedEntity> FindAsync(HttpContext context, ChangeFeed feed, string kind, string @namespace, string name)
    {
        var visible = context.Visible();
        var entityRef = new EntityRef(kind, @namespace, name).ToString();
        var index = await feed.ReadyAsync(context.RequestAborted);
        return index.Read(view => view.Find(entityRef) is { } entity && view.Matches(entity, visible) ? entity : null)
            ?? throw new NotFoundException($"No entity named '{name}' found, with kind '{kind}' in namespace '{@namespace}'");
    }

    private static async Task ByNameAsync(HttpContext context, ChangeFeed feed, string kind, string @namespace, string name) =>
        await context.WriteEntityAsync(await FindAsync(context, feed, kind, @namespace, name));

    private static async Task ByUidAsync(HttpContext context, ChangeFeed feed, string uid)
    {
        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var found = Guid.TryParse(uid, out var id)
            ? index.Read(view => view.Find(id) is { } entity && view.Matches(entity, visible) ? entity : null)
            : null;
        await context.WriteEntityAsync(found ?? throw new NotFoundException($"No entity with uid {uid}"));
    }

    private static async Task ByRefsAsync(HttpContext context, ChangeFeed feed)
    {
        var body = await RequestBody.ReadAsync(context);
        var refs = body.Texts("entityRefs", required: true)!;
        var projection = EntityProjection.Parse(body.Texts("fields") ?? context.Request.Query.List("fields"));
        var filter = Both(Both(context.Request.Query.Filter(), body.TryGetProperty("query", out var predicate) ? FilterParser.ParsePredicate(predicate) : null), context.Visible());
        var index = await feed.ReadyAsync(context.RequestAborted);
        var entities = index.Read(view =>
        {
            var found = new IndexedEntity?[refs.Count];
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = view.Find(refs[i]) is { } entity && view.Matches(entity, filter) ? entity : null;
            }

            return found;
        });
        await context.WriteEntitiesAsync("{\"items\":", entities, projection, "}");

        // Null, which is everything, stays null: nothing has to be looked at then.
        static EntityFilter? Both(EntityFilter? a, EntityFilter? b) => a is null ? b : b is null ? a : EntityFilter.Both(a, b);
    }

    private static async Task AncestryAsync(HttpContext context, ChangeFeed feed, string kind, string @namespace, string name)
    {
        var entity = await FindAsync(context, feed, kind, @namespace, name);
        var visible = context.Visible();
        var (chain, version) = feed.Index.Read(view =>
        {
            var found = new List<IndexedEntity>();
            for (var at = entity; at is not null && !found.Contains(at); at = at.ParentRef is null ? null : view.Find(at.ParentRef))
            {
                found.Add(at);
            }

            // A caller may see an entity and not the Locations that lead to it.
            return (found.FindAll(ancestor => view.Matches(ancestor, visible)), view.Version);
        });
        if (context.IsKnownState(version, visible))
        {
            return;
        }

        await context.WriteAsync(length: null, writer =>
        {
            writer.WriteText($"{{\"rootEntityRef\":{Quoted(entity.Ref)},\"items\":[");
            for (var i = 0; i < chain.Count; i++)
            {
                writer.WriteText(i == 0 ? "{\"entity\":" : ",{\"entity\":");
                System.Buffers.BuffersExtensions.Write(writer, chain[i].Json);
                writer.WriteText($",\"parentEntityRefs\":[{(i + 1 < chain.Count && chain[i + 1].Ref == chain[i].ParentRef ? Quoted(chain[i + 1].Ref) : "")}]}}");
            }

            writer.WriteText("]}");
        });

        static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
    }
}
