using System.Text.Json.Nodes;
using DevPlatform.PeerBenchmarks.Data;
using DevPlatform.PeerBenchmarks.Load;

namespace DevPlatform.PeerBenchmarks.Rows;

/// <summary>The reads that the catalog's pages make. To add a row, add a <see cref="RequestRow"/> with at least 1,000 distinct requests.</summary>
internal static class CatalogRows
{
    public const string ByNameRow = "by-name";
    private const int Distinct = 1000;
    private static readonly string[] Orders = ["metadata.name,asc", "metadata.name,desc", "metadata.title,asc", "metadata.title,desc"];

    public static IReadOnlyList<RequestRow> All(IReadOnlyList<JsonObject> entities, int seed)
    {
        var random = new Random(seed);
        var refs = entities.Select(RelationCounts.RefOf).ToArray();
        return
        [
            new(ByNameRow, 20, Shuffled(random, refs.Where(r => r.StartsWith("component:", StringComparison.Ordinal)).Select(ByName))),
            new("by-query filtered", 20, Shuffled(random, FilteredPages())),
            new("facets", 20, Shuffled(random, Facets())),
            new("by-query full text", 20, Shuffled(random, FullText())),
            new("by-refs 50", 5, [.. Enumerable.Range(0, Distinct).Select(_ => ByRefs(random.GetItems(refs, 50)))]),
            new("permission authorize", 8, [.. Enumerable.Range(0, Distinct).Select(i => Authorize(random, refs, i))]),
        ];
    }

    private static LoadRequest ByName(string entityRef) => new("GET", $"/api/catalog/entities/by-name/{entityRef.Replace(':', '/')}");

    // Pages of the catalog's table: one kind and type, of any lifecycle or of one, 20 rows, in an order.
    private static IEnumerable<LoadRequest> FilteredPages() =>
        from type in Words.ComponentTypes.Distinct()
        from lifecycle in Words.Lifecycles.Distinct().Select(lifecycle => $",spec.lifecycle={lifecycle}").Prepend("")
        from order in Orders
        from page in Enumerable.Range(0, lifecycle.Length == 0 ? 65 : 10)
        select new LoadRequest("GET", $"/api/catalog/entities/by-query?filter=kind=component,spec.type={type}{lifecycle}&limit=20&offset={page * 20}&orderField={order}");

    private static IEnumerable<LoadRequest> FullText() =>
        from term in Words.Subjects
        from order in Orders
        from page in Enumerable.Range(0, 15)
        select new LoadRequest(
            "GET", $"/api/catalog/entities/by-query?fullTextFilterTerm={term}&fullTextFilterFields=metadata.name,metadata.title&limit=20&offset={page * 20}&orderField={order}");

    private static IEnumerable<LoadRequest> Facets()
    {
        string[] kinds = ["Component", "API", "Resource", "System"];
        string[] facets = ["facet=kind&facet=spec.type", "facet=spec.lifecycle&facet=spec.type", "facet=metadata.tags", "facet=kind&facet=relations.ownedBy"];
        string[] filters =
        [
            "", .. kinds.Select(kind => $"&filter=kind={kind}"), .. Words.Tags.Select(tag => $"&filter=metadata.tags={tag}"),
            .. from kind in kinds from tag in Words.Tags select $"&filter=kind={kind},metadata.tags={tag}",
            .. from kind in kinds from owner in Enumerable.Range(0, 40) select $"&filter=kind={kind},relations.ownedBy=group:default/team-{owner:000}",
        ];
        return from facet in facets from filter in filters select new LoadRequest("GET", $"/api/catalog/entity-facets?{facet}{filter}");
    }

    private static LoadRequest ByRefs(string[] refs) =>
        new("POST", "/api/catalog/entities/by-refs", new JsonObject { ["entityRefs"] = new JsonArray([.. refs.Select(r => (JsonNode)r)]) }.ToJsonString());

    // As the frontend asks: whether a button shows, on the catalog's page, on an entity's, and on a template's.
    private static LoadRequest Authorize(Random random, string[] refs, int i)
    {
        var create = Item(i, 0, Basic("catalog.entity.create"));
        var start = Item(i, 1, Basic("scaffolder.task.create"));
        var refresh = Item(i, 2, Entity("catalog.entity.refresh", "update"), refs[random.Next(refs.Length)]);
        JsonArray items = (i % 3) switch
        {
            0 => [create],
            1 => [refresh],
            _ => [start, refresh],
        };
        return new LoadRequest("POST", "/api/permission/authorize", new JsonObject { ["items"] = items }.ToJsonString());
    }

    private static JsonObject Basic(string name) => new() { ["type"] = "basic", ["name"] = name, ["attributes"] = Action("create") };

    private static JsonObject Item(int request, int item, JsonObject permission, string? entityRef = null)
    {
        var question = new JsonObject { ["id"] = $"{request:x8}-0000-4000-8000-{item:x12}", ["permission"] = permission };
        if (entityRef is not null)
        {
            question["resourceRef"] = entityRef;
        }

        return question;
    }

    private static JsonObject Entity(string name, string action) =>
        new() { ["type"] = "resource", ["name"] = name, ["attributes"] = Action(action), ["resourceType"] = "catalog-entity" };

    private static JsonObject Action(string action) => new() { ["action"] = action };

    private static LoadRequest[] Shuffled(Random random, IEnumerable<LoadRequest> requests)
    {
        var all = requests.ToArray();
        random.Shuffle(all);
        return all.Distinct().Count() >= Distinct ? all : throw new InvalidOperationException($"A row needs {Distinct} distinct requests; these are {all.Length}.");
    }
}
