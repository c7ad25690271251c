namespace DevPlatform.Catalog.Reads;

/// <summary>What an entity's new version changes in the index: all values of the keys whose values differ, and no others.</summary>
/// <param name="Before">The version before; null for an entity that is new.</param>
/// <param name="After">The version after; null for one that is gone.</param>
/// <param name="Removed">Fields to take out.</param>
/// <param name="Added">Fields to put in.</param>
internal sealed record EntityReplacement(IndexedEntity? Before, IndexedEntity? After, IReadOnlyCollection<SearchField> Removed, IReadOnlyCollection<SearchField> Added)
{
    public static EntityReplacement Of(IndexedEntity? before, IndexedEntity? after)
    {
        IReadOnlyCollection<SearchField> old = before is null ? [] : SearchFields.Of(before.Json);
        IReadOnlyCollection<SearchField> fresh = after is null ? [] : SearchFields.Of(after.Json);
        if (before is null || after is null)
        {
            return new EntityReplacement(before, after, old, fresh);
        }

        // An index forgets an entity's values of a key together.
        var changed = old.Except(fresh).Concat(fresh.Except(old)).Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
        return new EntityReplacement(before, after, Of(old, changed), Of(fresh, changed));
    }

    private static SearchField[] Of(IReadOnlyCollection<SearchField> fields, HashSet<string> keys) => [.. fields.Where(field => keys.Contains(field.Key))];
}
