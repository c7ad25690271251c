using System.Text.Json.Nodes;
using DevPlatform.Catalog.Permissions;
using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Catalog.Reads;

/// <summary>Which entities are meant. Keys and values are lower case.</summary>
internal abstract record EntityFilter
{
    public static readonly EntityFilter Everything = new All([]);
    public static readonly EntityFilter Nothing = new Any([]);

    public static EntityFilter Both(EntityFilter? a, EntityFilter? b) => (a, b) switch
    {
        (null, null) => Everything,
        (null, _) => b,
        (_, null) => a,
        _ => new All([a, b]),
    };

    /// <summary>Whether an entity matches that is found by these fields; for those that the index does not hold (any more).</summary>
    public bool Matches(IReadOnlySet<SearchField> fields) => this switch
    {
        All all => all.Filters.All(filter => filter.Matches(fields)),
        Any any => any.Filters.Any(filter => filter.Matches(fields)),
        Not not => !not.Filter.Matches(fields),
        Exists exists => fields.Any(field => field.Key == exists.Key),
        In many => fields.Any(field => field.Key == many.Key && field.Value is not null && many.Values.Contains(field.Value.ToLowerInvariant())),
        Prefix prefix => fields.Any(field => field.Key == prefix.Key && field.Value?.ToLowerInvariant().StartsWith(prefix.Text, StringComparison.Ordinal) == true),
        _ => throw new InvalidOperationException(GetType().Name),
    };

    /// <summary>The filter as a predicate of the REST API, which cursors carry.</summary>
    public JsonObject ToPredicate() => this switch
    {
        All all => new JsonObject { ["$all"] = new JsonArray([.. all.Filters.Select(f => (JsonNode)f.ToPredicate())]) },
        Any any => new JsonObject { ["$any"] = new JsonArray([.. any.Filters.Select(f => (JsonNode)f.ToPredicate())]) },
        Not not => new JsonObject { ["$not"] = not.Filter.ToPredicate() },
        Exists exists => new JsonObject { [exists.Key] = new JsonObject { ["$exists"] = true } },
        In { Values: [var only] } one => new JsonObject { [one.Key] = only },
        In many => new JsonObject { [many.Key] = new JsonObject { ["$in"] = new JsonArray([.. many.Values.Select(v => (JsonNode)v)]) } },
        Prefix prefix => new JsonObject { [prefix.Key] = new JsonObject { ["$hasPrefix"] = prefix.Text } },
        _ => throw new InvalidOperationException(GetType().Name),
    };

    /// <summary>What a conditional permission lets its holder see; with a rule that is not known, wherever it stands, that is nothing.</summary>
    public static EntityFilter FromPermission(PermissionCriteria criteria) => IsKnown(criteria) ? FromKnown(criteria) : Nothing;

    private static bool IsKnown(PermissionCriteria criteria) => criteria switch
    {
        { AllOf: { } all } => all.All(IsKnown),
        { AnyOf: { } any } => any.All(IsKnown),
        { Not: { } not } => IsKnown(not),
        { Rule: { } rule } => EntityRules.Find(rule.Name) is { } known && rule.Parameters.ContainsKey(known.Required),
        _ => false,
    };

    private static EntityFilter FromKnown(PermissionCriteria criteria)
    {
        if (criteria.AllOf is { } all)
        {
            return new All([.. all.Select(FromKnown)]);
        }

        if (criteria.AnyOf is { } any)
        {
            return new Any([.. any.Select(FromKnown)]);
        }

        if (criteria.Not is { } not)
        {
            return new Not(FromKnown(not));
        }

        return criteria.Rule is { } rule ? FromRule(rule) : Nothing;
    }

    private static EntityFilter FromRule(PermissionRule rule)
    {
        return rule.Name switch
        {
            "IS_ENTITY_KIND" => new In("kind", Lower(Values("kinds"))),
            "IS_ENTITY_OWNER" => new In("relations.ownedby", Lower(Values("claims"))),
            "HAS_ANNOTATION" => Has("metadata.annotations.", "annotation"),
            "HAS_LABEL" => Has("metadata.labels.", "label"),
            "HAS_METADATA" => Has("metadata.", "key"),
            "HAS_SPEC" => Has("spec.", "key"),
            _ => Nothing,
        };

        IReadOnlyList<string> Values(string name) => rule.Parameters.TryGetValue(name, out var values) ? values : [];

        EntityFilter Has(string prefix, string name) => Values(name) switch
        {
            [var key, ..] => Values("value") is { Count: > 0 } values
                ? new In(prefix + key.ToLowerInvariant(), Lower(values))
                : new Exists(prefix + key.ToLowerInvariant()),
            _ => Nothing,
        };
    }

    private static IReadOnlyList<string> Lower(IReadOnlyList<string> values) => [.. values.Select(v => v.ToLowerInvariant())];

    internal sealed record All(IReadOnlyList<EntityFilter> Filters) : EntityFilter;

    internal sealed record Any(IReadOnlyList<EntityFilter> Filters) : EntityFilter;

    internal sealed record Not(EntityFilter Filter) : EntityFilter;

    internal sealed record Exists(string Key) : EntityFilter;

    internal sealed record In(string Key, IReadOnlyList<string> Values) : EntityFilter;

    internal sealed record Prefix(string Key, string Text) : EntityFilter;
}
