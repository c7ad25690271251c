using DevPlatform.Catalog.Queries;
using DevPlatform.Catalog.Reads;

namespace DevPlatform.Catalog.Search;

/// <summary>Counts what a question found by the values of its fields.</summary>
internal static class SearchFacets
{
    /// <summary>Names of facets; each is a filter too.</summary>
    public static readonly IReadOnlyList<string> Names = ["kind", "type", "owner", "tag", "component"];

    private const int MaxValues = 100;

    /// <summary>For each facet its values, the most frequent first; documentation counts with its entity's.</summary>
    /// <param name="view">The catalog.</param>
    /// <param name="names">Which facets.</param>
    /// <param name="found">Ids → how many documents of each were found.</param>
    public static Dictionary<string, IReadOnlyList<FacetCount>> Count(EntityIndex.EntityView view, IReadOnlyList<string> names, IReadOnlyDictionary<int, int> found)
    {
        var ids = view.Evaluate(EntityFilter.Nothing);
        foreach (var id in found.Keys)
        {
            Bits.Add(ids, id);
        }

        return names.ToDictionary(name => name, name => Values(view, name, ids, found), StringComparer.Ordinal);
    }

    private static IReadOnlyList<FacetCount> Values(EntityIndex.EntityView view, string name, ulong[] ids, IReadOnlyDictionary<int, int> found)
    {
        var (field, absent) = SearchFilters.FieldOf(name);
        var among = SearchFilters.OfComponents(view, name, ids);
        var having = view.Field(field);
        var counts = (having?.Originals ?? []).Where(value => value.Ids.CountIn(among) > 0)
            .Select(value => new FacetCount(value.Value, value.Ids.Members().Where(id => Bits.Has(among, id)).Sum(id => found[id])));
        if (!string.IsNullOrEmpty(absent))
        {
            var without = found.Where(pair => having?.Exists.Contains(pair.Key) != true).Sum(pair => pair.Value);
            counts = counts.Append(new FacetCount(absent, without))
                .GroupBy(count => count.Value, (value, same) => new FacetCount(value, same.Sum(count => count.Count)), StringComparer.Ordinal).Where(count => count.Count > 0);
        }

        return [.. counts.OrderByDescending(count => count.Count).ThenBy(count => count.Value, StringComparer.Ordinal).Take(MaxValues)];
    }
}
