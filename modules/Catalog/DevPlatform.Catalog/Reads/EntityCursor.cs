using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Reads;

/// <summary>Where an entity is in an order: its value (null for one that cannot be compared) and its ref.</summary>
internal sealed record SortPosition(string? Value, string Ref);

/// <summary>A query in parts, as its cursors carry it.</summary>
internal sealed record EntityQuery(EntityFilter Filter, string? OrderField, bool Descending, string? Term, IReadOnlyList<string> TermFields);

/// <summary>
/// A place in the pages of a query: base64 of JSON with the members that Backstage's cursors have, which its client looks into.
/// </summary>
/// <param name="Query">The query.</param>
/// <param name="Position">The last entity of the page before; the first of the page after when going back.</param>
/// <param name="First">The first entity of the first page.</param>
/// <param name="IsPrevious">Whether to go back.</param>
/// <param name="TotalItems">As counted for the first page.</param>
internal sealed record EntityCursor(EntityQuery Query, SortPosition Position, SortPosition First, bool IsPrevious, int TotalItems)
{
    public override string ToString()
    {
        var json = new JsonObject
        {
            ["orderFields"] = Query.OrderField is null
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["field"] = Query.OrderField, ["order"] = Query.Descending ? "desc" : "asc" }),
            ["orderFieldValues"] = Write(Position),
            ["query"] = Query.Filter.ToPredicate(),
            ["isPrevious"] = IsPrevious,
            ["firstSortFieldValues"] = Write(First),
            ["totalItems"] = TotalItems,
        };
        if (Query.Term is not null)
        {
            json["fullTextFilter"] = new JsonObject { ["term"] = Query.Term, ["fields"] = new JsonArray([.. Query.TermFields.Select(f => (JsonNode)f)]) };
        }

        return Convert.ToBase64String(Encoding.UTF8.GetBytes(EntityJson.Write(json)));
    }

    /// <exception cref="InputException">It is not one of ours.</exception>
    public static EntityCursor Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(text));
            var json = document.RootElement;
            var order = json.GetProperty("orderFields").EnumerateArray().Select(o => (Field: o.GetProperty("field").GetString()!, Order: o.GetProperty("order").GetString())).FirstOrDefault();
            var term = json.TryGetProperty("fullTextFilter", out var filter) ? filter.GetProperty("term").GetString() : null;
            var fields = term is null ? [] : filter.GetProperty("fields").EnumerateArray().Select(f => f.GetString()!).ToList();
            return new EntityCursor(
                new EntityQuery(FilterParser.ParsePredicate(json.GetProperty("query")), order.Field, order.Order == "desc", term, fields),
                ReadPosition(json.GetProperty("orderFieldValues")),
                ReadPosition(json.GetProperty("firstSortFieldValues")),
                json.GetProperty("isPrevious").GetBoolean(),
                json.GetProperty("totalItems").GetInt32());
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or InputException)
        {
            throw new InputException($"Malformed cursor: {(text.Length > 60 ? text[..60] + "…" : text)}", e);
        }
    }

    private static JsonArray Write(SortPosition position) => [position.Value, position.Ref];

    private static SortPosition ReadPosition(JsonElement values) => values.GetArrayLength() == 2
        ? new SortPosition(values[0].GetString(), values[1].GetString() ?? throw new FormatException())
        : throw new FormatException();
}
