using System.Collections.Frozen;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>The built-in filters by name.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, FilterFunction> All = new[]
    {
        TextFilters.All, HtmlFilters.All, ListFilters.All, ScalarFilters.All, OlderFilters.All,
    }.SelectMany(group => group).ToFrozenDictionary(StringComparer.Ordinal);

    public static FilterFunction? Find(string name, bool compat) => All.GetValueOrDefault(compat && name == "jsonify" ? "dump" : name);
}
