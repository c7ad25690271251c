namespace DevPlatform.Catalog.Reads;

/// <summary>A page of entities.</summary>
internal sealed record EntityPage(IReadOnlyList<IndexedEntity> Items, int TotalItems, EntityCursor? Next, EntityCursor? Previous);

/// <summary>Runs queries page by page.</summary>
internal static class EntityPages
{
    /// <summary>The first page of a query, or the one at an offset; neither leads back, as in Backstage.</summary>
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
        var first = -1;
        var skipped = 0;
        var ids = new List<int>();
        var more = false;
        foreach (var id in new Walk(order.Ids, bits, query.Descending ? order.Ids.Length - 1 : 0, query.Descending ? -1 : 1))
        {
            if (limit == 0)
            {
                break;
            }

            first = first < 0 ? id : first;
            if (skipped++ < offset)
            {
                continue;
            }

            if (ids.Count == limit)
            {
                more = true;
                break;
            }

            ids.Add(id);
        }

        var next = more ? new EntityCursor(query, order.PositionOf(ids[^1]), order.PositionOf(first), false, total) : null;
        return new EntityPage(ids.ConvertAll(id => view[id]), total, next, null);
    }

    /// <summary>The page at a cursor.</summary>
    public static EntityPage At(EntityIndex.EntityView view, EntityCursor cursor, EntityFilter? visible, int limit)
    {
        var query = cursor.Query;
        var (order, bits) = Select(view, query, visible);
        // Forward in the query's order is backward in the stored one when it descends, and the other way round when going back.
        var step = query.Descending != cursor.IsPrevious ? -1 : 1;
        // The position's own entity may be gone.
        var (at, found) = order.Search(cursor.Position);
        var ids = new List<int>();
        var more = false;
        foreach (var id in new Walk(order.Ids, bits, step < 0 ? at - 1 : found ? at + 1 : at, step))
        {
            if (ids.Count == limit)
            {
                more = limit > 0;
                break;
            }

            ids.Add(id);
        }

        if (ids.Count == 0)
        {
            return new EntityPage([], cursor.TotalItems, null, null);
        }

        if (cursor.IsPrevious)
        {
            ids.Reverse();
        }

        var firstHere = order.PositionOf(ids[0]);
        var next = cursor.IsPrevious || more ? cursor with { Position = order.PositionOf(ids[^1]), IsPrevious = false } : null;
        var previous = (cursor.IsPrevious ? more : true) && firstHere != cursor.First ? cursor with { Position = firstHere, IsPrevious = true } : null;
        return new EntityPage(ids.ConvertAll(id => view[id]), cursor.TotalItems, next, previous);
    }

    private static (EntityOrder Order, ulong[] Bits) Select(EntityIndex.EntityView view, EntityQuery query, EntityFilter? visible)
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

    /// <summary>Members of a set in the order of a list, from an index on.</summary>
    private readonly ref struct Walk(ReadOnlySpan<int> order, ulong[] members, int from, int step)
    {
        private readonly ReadOnlySpan<int> _order = order;

        public Enumerator GetEnumerator() => new(_order, members, from - step, step);

        public ref struct Enumerator(ReadOnlySpan<int> order, ulong[] members, int before, int step)
        {
            private readonly ReadOnlySpan<int> _order = order;
            private int _at = before;

            public readonly int Current => _order[_at];

            public bool MoveNext()
            {
                do
                {
                    _at += step;
                }
                while ((uint)_at < (uint)_order.Length && !Bits.Has(members, _order[_at]));

                return (uint)_at < (uint)_order.Length;
            }
        }
    }
}
