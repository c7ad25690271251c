using System.Globalization;
using System.Text;
using DevPlatform.Shared.Errors;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Search;

/// <summary>A question to search, in the parameters of Backstage's <c>/api/search/query</c>.</summary>
/// <param name="Term">What was typed, trimmed; empty finds everything.</param>
/// <param name="Types">Document types.</param>
/// <param name="Filters">Field → values, any of which may match.</param>
/// <param name="Page">Number of the page, from 0.</param>
/// <param name="PageLimit">Results per page.</param>
/// <param name="Facets">What to count by.</param>
internal sealed record SearchQuery(
    string Term, IReadOnlyList<string> Types, IReadOnlyDictionary<string, IReadOnlyList<string>> Filters, int Page, int PageLimit, IReadOnlyList<string> Facets)
{
    private const int MaxTermLength = 100;
    private const int DefaultPageLimit = 25;
    private const int MaxPageLimit = 100;

    /// <summary>The term's words: runs of letters and digits.</summary>
    public IReadOnlyList<string> Words { get; } =
        [.. new string([.. Term.Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <exception cref="InputException">A parameter is not valid.</exception>
    public static SearchQuery Parse(IQueryCollection parameters)
    {
        var term = parameters["term"].FirstOrDefault()?.Trim() ?? "";
        if (term.Length > MaxTermLength)
        {
            throw Invalid($"The term length \"{term.Length}\" is greater than \"{MaxTermLength}\"");
        }

        var types = Values(parameters, "types");
        if (types.FirstOrDefault(type => !SearchTypes.All.Contains(type)) is { } unknown)
        {
            throw Invalid($"\"types\" is \"{unknown}\"; allowed: {string.Join(", ", SearchTypes.All)}");
        }

        var facets = Values(parameters, "facets");
        if (facets.FirstOrDefault(facet => !SearchFacets.Names.Contains(facet)) is { } none)
        {
            throw Invalid($"\"facets\" is \"{none}\"; allowed: {string.Join(", ", SearchFacets.Names)}");
        }

        return new SearchQuery(
            term, types.Count == 0 ? SearchTypes.All : types, ParseFilters(parameters), ParseCursor(parameters["pageCursor"].FirstOrDefault()),
            ParseLimit(parameters["pageLimit"].FirstOrDefault()), facets);
    }

    /// <summary>The cursor of a page.</summary>
    public static string CursorOf(int page) => Convert.ToBase64String(Encoding.ASCII.GetBytes(page.ToString(CultureInfo.InvariantCulture)));

    // filters[kind]=API, filters[kind][]=API, filters[kind][0]=API
    private static Dictionary<string, IReadOnlyList<string>> ParseFilters(IQueryCollection parameters)
    {
        var filters = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in parameters.Where(p => p.Key.StartsWith("filters[", StringComparison.Ordinal)))
        {
            var end = name.IndexOf(']', StringComparison.Ordinal);
            var field = end < 0 ? throw Invalid($"\"{name}\" has no closing bracket; allowed: filters[<field>]") : name[8..end];
            filters[field] = [.. filters.GetValueOrDefault(field, []), .. values.OfType<string>()];
        }

        return filters;
    }

    private static List<string> Values(IQueryCollection parameters, string name) =>
        [.. parameters.Where(p => p.Key == name || p.Key.StartsWith(name + "[", StringComparison.Ordinal)).SelectMany(p => p.Value).OfType<string>().Where(v => v.Length > 0).Distinct()];

    private static int ParseLimit(string? text) => text switch
    {
        null or "" or "0" => DefaultPageLimit,
        _ when !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) => throw Invalid($"\"pageLimit\" is \"{text}\"; allowed: 1 to {MaxPageLimit}"),
        _ => int.Parse(text, CultureInfo.InvariantCulture) is var limit && limit <= MaxPageLimit ? limit : throw Invalid($"The page limit \"{limit}\" is greater than \"{MaxPageLimit}\""),
    };

    private static int ParseCursor(string? text)
    {
        Span<byte> bytes = stackalloc byte[32];
        return string.IsNullOrEmpty(text) ? 0
            : text.Length <= 32 && Convert.TryFromBase64String(text, bytes, out var length) && int.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? page
            : throw Invalid($"\"pageCursor\" is \"{text}\"; allowed: a cursor of an earlier answer");
    }

    private static InputException Invalid(string reason) => new($"Invalid query string: {reason}");
}
