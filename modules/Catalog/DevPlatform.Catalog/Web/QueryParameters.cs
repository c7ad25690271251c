using DevPlatform.Catalog.Reads;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Web;

/// <summary>Reads query parameters.</summary>
internal static class QueryParameters
{
    public static EntityFilter? Filter(this IQueryCollection query) => FilterParser.Parse(query["filter"]);

    public static int? Number(this IQueryCollection query, string name, int atLeast = 0, int atMost = int.MaxValue) => query[name] is [{ } text, ..]
        ? int.TryParse(text, out var number) && number >= atLeast && number <= atMost
            ? number
            : throw InputException.For(name, text, $"a whole number, {atLeast} {(atMost == int.MaxValue ? "or more" : $"to {atMost}")}")
        : null;

    /// <summary>Values that may be repeated or separated by commas.</summary>
    public static IReadOnlyList<string> List(this IQueryCollection query, string name) =>
        [.. query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
