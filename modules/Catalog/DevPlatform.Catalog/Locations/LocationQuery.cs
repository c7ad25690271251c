using System.Text.Json;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Locations;

/// <summary><c>POST /locations/by-query</c>.</summary>
internal static class LocationQuery
{
    private const int DefaultLimit = 1000;

    public static async Task<IResult> RunAsync(HttpContext context, LocationRegistry locations)
    {
        var body = await RequestBody.ReadAsync(context);
        var limit = body.Number("limit") ?? DefaultLimit;
        var after = body.Text("cursor") is { } cursor ? ParseCursor(cursor) : (Query: body.TryGetProperty("query", out var query) ? query : default, Id: Guid.Empty);
        var wanted = Parse(after.Query);
        var matching = (await locations.ListAsync(context.RequestAborted)).Select(LocationBody.Of)
            .Where(location => wanted.All(condition => condition.Value.Contains(Value(location, condition.Key), StringComparer.OrdinalIgnoreCase)))
            .OrderBy(location => location.Id, StringComparer.Ordinal).ToList();
        var rest = matching.Where(location => string.CompareOrdinal(location.Id, after.Id.ToString()) > 0).ToList();
        var items = rest.Take(limit).ToList();
        return Results.Ok(new
        {
            items,
            totalItems = matching.Count,
            pageInfo = rest.Count > items.Count && items.Count > 0 ? (object)new { nextCursor = WriteCursor(after.Query, items[^1].Id) } : new { },
        });
    }

    private static Dictionary<string, IReadOnlyList<string>> Parse(JsonElement query)
    {
        if (query.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        if (query.ValueKind != JsonValueKind.Object)
        {
            throw InputException.For("query", query.GetRawText(), "an object");
        }

        return query.EnumerateObject().ToDictionary(
            p => p.Name is "id" or "type" or "target" or "entityRef" ? p.Name : throw InputException.For("query", p.Name, "id, type, target, entityRef"),
            p => (IReadOnlyList<string>)(p.Value.ValueKind switch
            {
                JsonValueKind.String => [p.Value.GetString()!],
                JsonValueKind.Object => p.Value.Texts("$in", required: true)!,
                _ => throw InputException.For($"query.{p.Name}", p.Value.GetRawText(), "a string or {\"$in\": [...]}"),
            }),
            StringComparer.Ordinal);
    }

    private static string Value(LocationBody location, string field) => field switch
    {
        "id" => location.Id,
        "type" => location.Type,
        "target" => location.Target,
        _ => location.EntityRef,
    };

    private static string WriteCursor(JsonElement query, string id) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(query.ValueKind == JsonValueKind.Undefined ? (object)new { id } : new { query, id }));

    private static (JsonElement Query, Guid Id) ParseCursor(string cursor)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(cursor));
            var root = document.RootElement.Clone();
            return (root.TryGetProperty("query", out var query) ? query : default, root.GetProperty("id").GetGuid());
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException("Malformed cursor", e);
        }
    }
}
