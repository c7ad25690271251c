using System.Text;
using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Catalog.Queries;

/// <summary><c>GET /entities</c>: a plain array, with a <c>link</c> header to the next page when there is a limit.</summary>
internal static class ListEntities
{
    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/entities", ListAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Lists entities")
        .WithDescription("Query: filter (repeat for OR), fields, order=asc:<field>, offset, limit, after. Answers an array of entities; header link leads to the next page.");

    private static async Task ListAsync(HttpContext context, ChangeFeed feed)
    {
        var parameters = context.Request.Query;
        var (field, descending) = ParseOrder(parameters["order"]);
        var query = new EntityQuery(parameters.Filter() ?? EntityFilter.Everything, field, descending, null, []);
        var (offset, limit) = parameters["after"] is [{ Length: > 0 } after, ..] ? ParseAfter(after) : (parameters.Number("offset") ?? 0, parameters.Number("limit", 1));
        var projection = EntityProjection.Parse(parameters.List("fields"));
        var visible = context.Visible();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var (page, version) = index.Read(view => (EntityPages.First(view, query, visible, offset, limit ?? int.MaxValue, count: false), view.Version));
        if (context.IsKnownState(version, visible))
        {
            return;
        }

        if (page.Next is not null)
        {
            context.Response.Headers.Link = $"</entities?{NextQuery(parameters, offset + limit!.Value, limit.Value)}>; rel=\"next\"";
        }

        await context.WriteEntitiesAsync("", page.Items, projection, "");
    }

    private static (string? Field, bool Descending) ParseOrder(IReadOnlyList<string?> orders)
    {
        var parsed = orders.Select(order => order?.Split(':', 2) switch
        {
            ["asc", { Length: > 0 } field] => (Field: (string?)field, Descending: false),
            ["desc", { Length: > 0 } field] => (Field: (string?)field, Descending: true),
            _ => throw new InputException($"Invalid order parameter \"{order}\", expected <asc or desc>:<field name>"),
        }).ToList();
        return parsed.FirstOrDefault();
    }

    private static (int Offset, int? Limit) ParseAfter(string after)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(after));
            var json = document.RootElement;
            var (offset, limit) = (json.GetProperty("offset").GetInt32(), json.GetProperty("limit").GetInt32());
            return offset >= 0 && limit > 0 ? (offset, limit) : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"Malformed after cursor: {after}", e);
        }
    }

    private static string NextQuery(IQueryCollection parameters, int offset, int limit)
    {
        var after = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"limit":{{limit}},"offset":{{offset}}}"""));
        return string.Join('&', parameters.Where(p => p.Key is not ("after" or "offset" or "limit"))
            .SelectMany(p => p.Value.Select(value => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(value ?? "")}"))
            .Append($"after={Uri.EscapeDataString(after)}"));
    }
}
