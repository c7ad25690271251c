using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Queries;

/// <summary>A value and how many entities have it.</summary>
internal sealed record FacetCount(string Value, int Count);

/// <summary>The values of each facet.</summary>
internal sealed record FacetAnswer(IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets);

/// <summary><c>GET</c> and <c>POST /entity-facets</c>.</summary>
internal static class EntityFacets
{
    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapGet("/entity-facets", (HttpContext context, ChangeFeed feed) =>
                AnswerAsync(context, feed, context.Request.Query["facet"], context.Request.Query.Filter()))
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Counts entities by the values of fields")
            .WithDescription("Query: facet (repeat), filter.")
            .Produces<FacetAnswer>();
        catalog.MapPost("/entity-facets", async (HttpContext context, ChangeFeed feed) =>
            {
                var body = await RequestBody.ReadAsync(context);
                var query = body.TryGetProperty("query", out var predicate) ? FilterParser.ParsePredicate(predicate) : null;
                return await AnswerAsync(context, feed, body.Texts("facets", required: true)!, query);
            })
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Counts entities by the values of fields, with a predicate")
            .WithDescription("Body: facets, query.")
            .Produces<FacetAnswer>();
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, ChangeFeed feed, IReadOnlyList<string?> facets, EntityFilter? filter)
    {
        if (facets.Count == 0 || facets.Any(string.IsNullOrWhiteSpace))
        {
            throw InputException.For("facet", facets.Count == 0 ? null : "", "the path of a field, at least one");
        }

        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var (answer, version) = index.Read(view =>
        {
            var bits = view.Evaluate(EntityFilter.Both(filter, visible));
            var counts = facets.Distinct().ToDictionary(facet => facet!, IReadOnlyList<FacetCount> (facet) => Count(view.Field(facet!), bits), StringComparer.Ordinal);
            return (new FacetAnswer(counts), view.Version);
        });
        return context.IsKnownState(version, visible) ? Results.Empty : TypedResults.Ok(answer);
    }

    private static List<FacetCount> Count(FieldIndex? field, ulong[] bits)
    {
        var counts = new List<FacetCount>();
        foreach (var (value, ids) in field?.Originals ?? [])
        {
            if (ids.CountIn(bits) is var count and > 0)
            {
                counts.Add(new FacetCount(value, count));
            }
        }

        counts.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
        return counts;
    }
}
