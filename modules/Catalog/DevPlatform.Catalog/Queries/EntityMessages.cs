using System.Text;
using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;

namespace DevPlatform.Catalog.Queries;

/// <summary>Answers other modules' questions. They see what is committed, whichever replica wrote it.</summary>
public static class GetEntityHandler
{
    public static async Task<EntityDocument> HandleAsync(GetEntity query, ChangeFeed feed, CancellationToken cancellationToken)
    {
        if (!EntityRef.TryParse(query.EntityRef, out var parsed))
        {
            return new EntityDocument(query.EntityRef.ToLowerInvariant(), false, null, []);
        }

        await feed.CatchUpAsync(cancellationToken);
        var entityRef = parsed.ToString();
        return feed.Index.Read(view => view.Find(entityRef)) is { } entity ? Describe(entity) : new EntityDocument(entityRef, false, null, []);
    }

    internal static EntityDocument Describe(IndexedEntity entity)
    {
        using var document = JsonDocument.Parse(entity.Json);
        var root = document.RootElement;
        var resource = root.TryGetProperty("status", out var status) && status.TryGetProperty("resource", out var found) ? found : default;
        return new EntityDocument(entity.Ref, true, Encoding.UTF8.GetString(entity.Json), [.. EntityAccess.ResourceOf(entity.Ref, entity.Json).Owners!], Text("state"), Text("message"));

        string? Text(string name) => resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}

/// <summary>Finds entities by an annotation.</summary>
public static class ListAnnotatedEntitiesHandler
{
    public static async Task<EntityDocuments> HandleAsync(ListAnnotatedEntities query, ChangeFeed feed, CancellationToken cancellationToken)
    {
        await feed.CatchUpAsync(cancellationToken);
        var key = $"metadata.annotations.{query.Annotation}".ToLowerInvariant();
        EntityFilter filter = query.Value is { } value ? new EntityFilter.In(key, [value.ToLowerInvariant()]) : new EntityFilter.Exists(key);
        var page = feed.Index.Read(view => EntityPages.First(view, new EntityQuery(filter, null, false, null, []), null, 0, int.MaxValue, count: false));
        // The index knows keys and values in lower case only.
        return new EntityDocuments([.. page.Items.Where(entity => Has(entity, query)).Select(GetEntityHandler.Describe).OrderBy(d => d.EntityRef, StringComparer.Ordinal)]);
    }

    private static bool Has(IndexedEntity entity, ListAnnotatedEntities query)
    {
        using var document = JsonDocument.Parse(entity.Json);
        return document.RootElement.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
            && annotations.TryGetProperty(query.Annotation, out var value) && (query.Value is null || value.ValueEquals(query.Value));
    }
}

/// <summary>Counts Resources for quotas.</summary>
public static class ListResourcesHandler
{
    public static async Task<ResourceList> HandleAsync(ListResources query, ChangeFeed feed, CancellationToken cancellationToken)
    {
        await feed.CatchUpAsync(cancellationToken);
        string[] environment = [query.Environment.ToLowerInvariant()];
        var filters = new List<EntityFilter>
        {
            new EntityFilter.In("kind", ["resource"]),
            new EntityFilter.In("spec.type", [query.Type.ToLowerInvariant()]),
            new EntityFilter.Any(
            [
                new EntityFilter.In("metadata.labels.devplatform.io/environment", environment),
                new EntityFilter.In("metadata.annotations.devplatform.io/environment", environment),
            ]),
        };
        if (query.Owner is not null)
        {
            filters.Add(new EntityFilter.In("relations.ownedby", [query.Owner.ToLowerInvariant()]));
        }

        var all = new EntityQuery(new EntityFilter.All(filters), null, false, null, []);
        var page = feed.Index.Read(view => EntityPages.First(view, all, null, 0, int.MaxValue, count: false));
        return new ResourceList([.. page.Items.Select(entity => entity.Ref)]);
    }
}
