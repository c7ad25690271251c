using System.Text.Json;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Reads;

/// <summary>Reads the two forms of filters that the REST API takes.</summary>
internal static class FilterParser
{
    private const int MaxDepth = 20;

    private static readonly string[] RelationTypes =
    [
        "ownedBy", "ownerOf", "partOf", "hasPart", "providesApi", "apiProvidedBy", "consumesApi", "apiConsumedBy", "dependsOn", "dependencyOf", "memberOf", "hasMember",
        "childOf", "parentOf",
    ];

    /// <summary><c>filter</c> parameters: each a list of conditions that must all hold; one of the parameters must.</summary>
    /// <returns>Null when there is no parameter.</returns>
    public static EntityFilter? Parse(IReadOnlyList<string?> filters) => filters.Count switch
    {
        0 => null,
        1 => ParseOne(filters[0] ?? ""),
        _ => new EntityFilter.Any([.. filters.Select(f => ParseOne(f ?? ""))]),
    };

    private static EntityFilter.All ParseOne(string text)
    {
        if (text.Trim().Length == 0)
        {
            throw Invalid(text);
        }

        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var statement in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = statement.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? statement : statement[..equals]).Trim().ToLowerInvariant();
            if (key.Length == 0)
            {
                throw Invalid(statement);
            }

            if (!values.TryGetValue(key, out var of))
            {
                values[key] = of = [];
            }

            if (equals >= 0)
            {
                of.Add(statement[(equals + 1)..].Trim().ToLowerInvariant());
            }
        }

        return new EntityFilter.All([.. values.Select(pair => pair.Value.Count == 0 ? (EntityFilter)new EntityFilter.Exists(pair.Key) : new EntityFilter.In(pair.Key, pair.Value))]);
    }

    private static InputException Invalid(string statement) =>
        new($"Invalid filter, '{statement}' is not a valid statement (expected a string on the form a=b or a= or a)");

    /// <summary>A <c>query</c> predicate.</summary>
    public static EntityFilter ParsePredicate(JsonElement predicate, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new InputException($"\"query\" is nested too deeply; allowed: {MaxDepth} levels");
        }

        if (predicate.ValueKind != JsonValueKind.Object)
        {
            throw Bad("query", predicate, "an object");
        }

        var conditions = predicate.EnumerateObject().Select(property => property.Name switch
        {
            "$all" => new EntityFilter.All([.. List(property).Select(p => ParsePredicate(p, depth + 1))]),
            "$any" => new EntityFilter.Any([.. List(property).Select(p => ParsePredicate(p, depth + 1))]),
            "$not" => new EntityFilter.Not(ParsePredicate(property.Value, depth + 1)),
            ['$', ..] => throw Bad("query", property.Name, "$all, $any, $not or a field"),
            _ => Condition(property.Name, property.Value),
        }).ToList();
        return conditions is [var only] ? only : new EntityFilter.All(conditions);
    }

    private static EntityFilter Condition(string name, JsonElement value)
    {
        var key = name.ToLowerInvariant();
        if (value.ValueKind != JsonValueKind.Object)
        {
            return new EntityFilter.In(key, [Primitive(name, value)]);
        }

        if (value.EnumerateObject().ToList() is not [var test])
        {
            throw Bad(name, value, "one of $exists, $in, $hasPrefix, $contains");
        }

        return test.Name switch
        {
            "$exists" when test.Value.ValueKind is JsonValueKind.True => new EntityFilter.Exists(key),
            "$exists" when test.Value.ValueKind is JsonValueKind.False => new EntityFilter.Not(new EntityFilter.Exists(key)),
            "$in" => new EntityFilter.In(key, [.. List(test).Select(v => Primitive(name, v))]),
            "$hasPrefix" when test.Value.ValueKind == JsonValueKind.String => new EntityFilter.Prefix(key, test.Value.GetString()!.ToLowerInvariant()),
            "$contains" when test.Value.ValueKind == JsonValueKind.Object => key == "relations"
                ? Relation(test.Value)
                : new EntityFilter.All([.. test.Value.EnumerateObject().Select(p => Condition($"{name}.{p.Name}", p.Value))]),
            "$contains" => new EntityFilter.In(key, [Primitive(name, test.Value)]),
            _ => throw Bad(name, value, "$exists (true or false), $in (a list), $hasPrefix (a string) or $contains"),
        };
    }

    private static EntityFilter.Any Relation(JsonElement relation)
    {
        var types = relation.TryGetProperty("type", out var type) ? [Primitive("relations.type", type)] : RelationTypes;
        var target = relation.TryGetProperty("targetRef", out var found) ? found : (JsonElement?)null;
        return new EntityFilter.Any([.. types.Select(t => target is { } element ? Condition($"relations.{t}", element) : new EntityFilter.Exists($"relations.{t}".ToLowerInvariant()))]);
    }

    private static JsonElement.ArrayEnumerator List(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Array
        ? property.Value.EnumerateArray()
        : throw Bad(property.Name, property.Value, "a list");

    private static string Primitive(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.ToLowerInvariant(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw Bad(name, value, "a string, a number, true or false"),
    };

    private static InputException Bad(string field, object found, string allowed) => InputException.For(field, found.ToString() is { Length: > 100 } text ? text[..100] + "…" : found, allowed);
}
