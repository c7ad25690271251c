using System.Text.Json.Serialization;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Queries;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Search;

/// <summary>A page of results.</summary>
/// <param name="Results">Best first.</param>
/// <param name="NumberOfResults">On all pages.</param>
/// <param name="NextPageCursor">Absent on the last page.</param>
/// <param name="PreviousPageCursor">Absent on the first page.</param>
/// <param name="Facets">Facet → its values and how many results have each; absent unless asked for.</param>
internal sealed record SearchPage(
    IReadOnlyList<SearchResult> Results, int NumberOfResults,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextPageCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreviousPageCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>? Facets);

/// <summary>A result.</summary>
/// <param name="Type"><c>software-catalog</c> or <c>techdocs</c>.</param>
/// <param name="Document">As Backstage's collators make it.</param>
/// <param name="Rank">From 1, counted through all pages.</param>
/// <param name="Highlight">Absent without a term.</param>
internal sealed record SearchResult(
    string Type, IReadOnlyDictionary<string, string> Document, int Rank, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SearchHighlight? Highlight);

/// <summary>Fields with what matched between the tags.</summary>
internal sealed record SearchHighlight(string PreTag, string PostTag, IReadOnlyDictionary<string, string> Fields);

/// <summary><c>GET /api/search/query</c>, Backstage's search API.</summary>
internal static class SearchEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGroup("/api/search").WithTags("Search").MapGet("/query", QueryAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Searches entities and their documentation")
        .WithDescription(
            "Query: term (at most 100 characters; words match by prefix and by stem; when nothing matches, similar titles are found), types[] (software-catalog, techdocs), "
            + "filters[kind|namespace|name|title|type|lifecycle|owner|system|tag|component], pageLimit (1 to 100, default 25), pageCursor, facets[] (kind, type, owner, tag, component: counted over all results).")
        .Produces<SearchPage>();

    private static async Task<Ok<SearchPage>> QueryAsync(HttpContext context, ChangeFeed feed, SearchReader reader)
    {
        var query = SearchQuery.Parse(context.Request.Query);
        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var found = Select(index, query, visible, await reader.FindAsync(query, context.RequestAborted));
        if (found.Total == 0 && query.Term.Length > 0)
        {
            found = Select(index, query, visible, await reader.FindSimilarAsync(query, context.RequestAborted));
        }

        var excerpts = await reader.ReadAsync(query, [.. found.Page.Select(f => f.Hit)], context.RequestAborted);
        var skipped = query.Page * (long)query.PageLimit;
        var results = found.Page.Where(f => excerpts.ContainsKey(f.Hit)).Select((f, i) => Show(f.Hit, f.Entity, excerpts[f.Hit], (int)skipped + i + 1)).ToList();
        return TypedResults.Ok(new SearchPage(
            results, found.Total,
            skipped + query.PageLimit < found.Total ? SearchQuery.CursorOf(query.Page + 1) : null,
            query.Page > 0 ? SearchQuery.CursorOf(query.Page - 1) : null,
            found.Facets));
    }

    private static Found Select(EntityIndex index, SearchQuery query, EntityFilter? visible, List<SearchHit> hits) => index.Read(view =>
    {
        var allowed = SearchFilters.Select(view, query.Filters, visible);
        var from = query.Page * (long)query.PageLimit;
        var page = new List<(SearchHit, IndexedEntity)>();
        var total = 0;
        var counts = new Dictionary<int, int>();
        foreach (var hit in hits)
        {
            if (view.IdOf(hit.EntityRef) is not { } id || !Bits.Has(allowed, id))
            {
                continue;
            }

            if (total++ >= from && page.Count < query.PageLimit)
            {
                page.Add((hit, view[id]));
            }

            if (query.Facets.Count > 0)
            {
                counts[id] = counts.GetValueOrDefault(id) + 1;
            }
        }

        return new Found(page, total, query.Facets.Count > 0 ? SearchFacets.Count(view, query.Facets, counts) : null);
    });

    private static SearchResult Show(SearchHit hit, IndexedEntity entity, SearchExcerpt excerpt, int rank)
    {
        var about = SearchDocument.Of(entity.Json);
        var at = $"{about.Namespace}/{about.Kind}/{about.Name}".ToLowerInvariant();
        var document = new Dictionary<string, string>
        {
            ["title"] = excerpt.Title,
            ["text"] = excerpt.Text,
            ["location"] = hit.Type == SearchTypes.Catalog ? $"/catalog/{at}" : $"/docs/{at}/{excerpt.Path}",
            ["kind"] = about.Kind,
            ["namespace"] = about.Namespace,
            ["type"] = about.Type,
            ["componentType"] = about.Type,
            ["lifecycle"] = about.Lifecycle,
            ["owner"] = about.Owner,
        };
        if (hit.Type == SearchTypes.TechDocs)
        {
            document["name"] = about.Name;
            document["path"] = excerpt.Path;
            document["entityTitle"] = about.Title;
            document.Remove("type");
        }

        var fields = new Dictionary<string, string>();
        foreach (var (name, marked) in new[] { ("title", excerpt.MarkedTitle), ("text", excerpt.MarkedText) })
        {
            if (!string.IsNullOrEmpty(marked))
            {
                fields[name] = marked;
            }
        }

        return new SearchResult(hit.Type, document, rank, fields.Count == 0 ? null : new SearchHighlight(SearchReader.PreTag, SearchReader.PostTag, fields));
    }

    private sealed record Found(List<(SearchHit Hit, IndexedEntity Entity)> Page, int Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>? Facets);
}
