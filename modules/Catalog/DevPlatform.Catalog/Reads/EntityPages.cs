namespace DevPlatform.Catalog.Reads;

/// <summary>A page of entities.</summary>
internal sealed record EntityPage(IReadOnlyList<IndexedEntity> Items, int TotalItems, EntityCursor? Next, EntityCursor? Previous);

/// <summary>Runs queries page by page.</summary>
internal static class EntityPages
{
    /// <summary>The first page of a query, or the one at an offset.</summary>
    /// <param name="view">The catalog.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="visible">What the caller may see; null for everything.</param>
    /// <param name="offset">Entities to skip.</param>
    /// <param name="limit">Most entities to answer.</param>
    /// <param name="count">Whether to count the total.</param>
    public static EntityPage First(EntityIndex.EntityView view, EntityQuery query, EntityFilter? visible, int offset, int limit, bool count)
    {
        var (order, bits) = Select(view, query, visible);
        var total = count ? CountOf(view, query, bits) : 0;
        var step = query.Descending ? -1 : 1;
        var items = new List<IndexedEntity>();
        SortPosition? first = null;
        var more = false;
        for (int i = query.Descending ? order.Length - 1 : 0, skipped = 0; limit > 0 && i >= 0 && i < order.Length; i += step)
        {
            if (!Bits.Has(bits, order[i]))
            {
                continue;
            }

            first ??= PositionOf(view, query, order[i]);
            if (skipped++ < offset)
            {
                continue;
            }

            if (items.Count == limit)
            {
                more = true;
                break;
            }

            items.Add(view[order[i]]);
        }

        var next = more ? new EntityCursor(query, PositionOf(view, query, items[^1]), first!, false, total) : null;
        var previous = items.Count > 0 && offset > 0 ? new EntityCursor(query, PositionOf(view, query, items[0]), first!, true, total) : null;
        return new EntityPage(items, total, next, previous);
    }

    /// <summary>The page at a cursor.</summary>
    public static EntityPage At(EntityIndex.EntityView view, EntityCursor cursor, EntityFilter? visible, int limit)
    {
        var query = cursor.Query;
        var (order, bits) = Select(view, query, visible);
        // Forward in the query's order is backward in the stored one when it descends, and the other way round when going back.
        var step = query.Descending != cursor.IsPrevious ? -1 : 1;
        var at = Search(view, query, order, cursor.Position);
        var items = new List<IndexedEntity>();
        var more = false;
        for (var i = step > 0 ? at.After : at.Before; limit > 0 && i >= 0 && i < order.Length; i += step)
        {
            if (!Bits.Has(bits, order[i]))
            {
                continue;
            }

            if (items.Count == limit)
            {
                more = true;
                break;
            }

            items.Add(view[order[i]]);
        }

        if (cursor.IsPrevious)
        {
            items.Reverse();
        }

        if (items.Count == 0)
        {
            return new EntityPage(items, cursor.TotalItems, null, null);
        }

        var firstHere = PositionOf(view, query, items[0]);
        var next = cursor.IsPrevious || more ? cursor with { Position = PositionOf(view, query, items[^1]), IsPrevious = false } : null;
        var previous = (cursor.IsPrevious ? more : true) && firstHere != cursor.First ? cursor with { Position = firstHere, IsPrevious = true } : null;
        return new EntityPage(items, cursor.TotalItems, next, previous);
    }

    private static (int[] Order, ulong[] Bits) Select(EntityIndex.EntityView view, EntityQuery query, EntityFilter? visible)
    {
        var bits = view.Evaluate(EntityFilter.Both(query.Filter, visible));
        if (query.Term is { Length: > 0 } term)
        {
            var fields = query.TermFields.Count > 0 ? query.TermFields : [query.OrderField ?? "metadata.uid"];
            Bits.And(bits, view.Containing(term.ToLowerInvariant(), fields));
        }

        return (view.Order(query.OrderField), bits);
    }

    private static int CountOf(EntityIndex.EntityView view, EntityQuery query, ulong[] bits) =>
        query.OrderField is null ? Bits.Count(bits) : view.Field(query.OrderField)?.Exists.CountIn(bits) ?? 0;

    private static SortPosition PositionOf(EntityIndex.EntityView view, EntityQuery query, int id) => PositionOf(view, query, view[id]);

    private static SortPosition PositionOf(EntityIndex.EntityView view, EntityQuery query, IndexedEntity entity) =>
        new(query.OrderField is null ? null : FirstValue(entity, query.OrderField), entity.Ref);

    private static string? FirstValue(IndexedEntity entity, string field)
    {
        var key = field.ToLowerInvariant();
        return SearchFields.Of(entity.Json).Where(f => f.Key == key && f.Value is not null).Select(f => f.Value!.ToLowerInvariant()).Min(StringComparer.Ordinal);
    }

    // The neighbours of a position, which itself may be gone.
    private static (int Before, int After) Search(EntityIndex.EntityView view, EntityQuery query, int[] order, SortPosition position)
    {
        var (low, high) = (0, order.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(PositionOf(view, query, order[middle]), position) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        var found = low < order.Length && Compare(PositionOf(view, query, order[low]), position) == 0;
        return (low - 1, found ? low + 1 : low);
    }

    private static int Compare(SortPosition a, SortPosition b)
    {
        // No value comes last.
        var byValue = (a.Value is null).CompareTo(b.Value is null);
        byValue = byValue != 0 ? byValue : string.CompareOrdinal(a.Value, b.Value);
        return byValue != 0 ? byValue : string.CompareOrdinal(a.Ref, b.Ref);
    }
}
