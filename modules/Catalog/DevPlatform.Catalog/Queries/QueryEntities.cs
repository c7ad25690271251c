using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Queries;

/// <summary><c>GET</c> and <c>POST /entities/by-query</c>: pages with cursors both ways and a total.</summary>
internal static class QueryEntities
{
    private const int DefaultLimit = 200;

    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapGet("/entities/by-query", GetAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Queries entities page by page")
            .WithDescription("Query: filter, fields, orderField=<field>,<asc or desc>, limit (default 200), offset, cursor, fullTextFilterTerm, fullTextFilterFields, totalItems=include|exclude.");
        catalog.MapPost("/entities/by-query", PostAsync)
            .RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Queries entities page by page, with a predicate")
            .WithDescription("Body: query (predicate), orderBy [{field, order}], limit, offset, cursor, fullTextFilter {term, fields}, fields, totalItems.");
    }

    private static Task GetAsync(HttpContext context, ChangeFeed feed)
    {
        var parameters = context.Request.Query;
        var limit = parameters.Number("limit") ?? DefaultLimit;
        var projection = EntityProjection.Parse(parameters.List("fields"));
        if (parameters["cursor"] is [{ } cursor, ..])
        {
            return AnswerAsync(context, feed, projection, (view, visible) => EntityPages.At(view, EntityCursor.Parse(cursor), visible, limit));
        }

        var order = parameters["orderField"].Select(ParseOrder).FirstOrDefault();
        var term = parameters["fullTextFilterTerm"].FirstOrDefault()?.Trim();
        var query = new EntityQuery(parameters.Filter() ?? EntityFilter.Everything, order.Field, order.Descending, term, parameters.List("fullTextFilterFields"));
        return FirstAsync(context, feed, query, parameters.Number("offset") ?? 0, limit, parameters["totalItems"].FirstOrDefault(), projection);
    }

    private static async Task PostAsync(HttpContext context, ChangeFeed feed)
    {
        var body = await RequestBody.ReadAsync(context);
        var limit = body.Number("limit") ?? DefaultLimit;
        var projection = EntityProjection.Parse(body.Texts("fields"));
        if (body.Text("cursor") is { } cursor)
        {
            await AnswerAsync(context, feed, projection, (view, visible) => EntityPages.At(view, EntityCursor.Parse(cursor), visible, limit));
            return;
        }

        var filter = EntityFilter.Both(context.Request.Query.Filter(), body.TryGetProperty("query", out var predicate) ? FilterParser.ParsePredicate(predicate) : null);
        var order = ParseOrderBy(body);
        var text = body.TryGetProperty("fullTextFilter", out var found)
            ? found.ValueKind == JsonValueKind.Object ? found : throw InputException.For("fullTextFilter", found.GetRawText(), "an object with term and fields")
            : (JsonElement?)null;
        var query = new EntityQuery(filter, order.Field, order.Descending, text?.Text("term")?.Trim(), text?.Texts("fields") ?? []);
        await FirstAsync(context, feed, query, body.Number("offset") ?? 0, limit, body.Text("totalItems"), projection);
    }

    private static Task FirstAsync(
        HttpContext context, ChangeFeed feed, EntityQuery query, int offset, int limit, string? totalItems, EntityProjection? projection)
    {
        var count = totalItems switch
        {
            null or "include" => true,
            "exclude" => false,
            _ => throw InputException.For("totalItems", totalItems, "include or exclude"),
        };
        return AnswerAsync(context, feed, projection, (view, visible) => EntityPages.First(view, query, visible, offset, limit, count));
    }

    private static async Task AnswerAsync(
        HttpContext context, ChangeFeed feed, EntityProjection? projection, Func<EntityIndex.EntityView, EntityFilter?, EntityPage> run)
    {
        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var (page, version) = index.Read(view => (run(view, visible), view.Version));
        if (context.IsKnownState(version, visible))
        {
            return;
        }

        var cursors = string.Join(',', new[] { ("nextCursor", page.Next), ("prevCursor", page.Previous) }
            .Where(c => c.Item2 is not null).Select(c => $"\"{c.Item1}\":\"{c.Item2}\""));
        await context.WriteEntitiesAsync("{\"items\":", page.Items, projection, $",\"totalItems\":{page.TotalItems},\"pageInfo\":{{{cursors}}}}}");
    }

    private static (string? Field, bool Descending) ParseOrder(string? text) => text?.Split(',') switch
    {
        [{ Length: > 0 } field] => (field, false),
        [{ Length: > 0 } field, "asc"] => (field, false),
        [{ Length: > 0 } field, "desc"] => (field, true),
        _ => throw InputException.For("orderField", text, "<field> or <field>,<asc or desc>"),
    };

    private static (string? Field, bool Descending) ParseOrderBy(JsonElement body)
    {
        if (!body.TryGetProperty("orderBy", out var orders))
        {
            return default;
        }

        if (orders.ValueKind != JsonValueKind.Array || orders.EnumerateArray().Any(o => o.ValueKind != JsonValueKind.Object))
        {
            throw InputException.For("orderBy", orders.GetRawText(), "a list of {field, order}");
        }

        return orders.EnumerateArray().Select(o => (Field: o.Text("field", required: true), Descending: o.Text("order", required: true) switch
        {
            "asc" => false,
            "desc" => true,
            var other => throw InputException.For("orderBy.order", other, "asc or desc"),
        })).ToList().FirstOrDefault();
    }
}
