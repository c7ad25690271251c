using System.Runtime.InteropServices;

namespace DevPlatform.Catalog.Reads;

/// <summary>
/// Ids by a lower-case value (none comes last), then by ref. Once made it follows changes one at a time. Written under the index's write lock,
/// read under its read lock.
/// </summary>
internal sealed class EntityOrder
{
    private const int MaxChanges = 1000;

    private readonly Func<int, string> _refOf;
    private readonly Dictionary<int, string?> _values;
    private readonly List<int> _ids;
    private int _changes;

    /// <param name="values">Ids and their values, each id once or more often: its first value in order counts.</param>
    /// <param name="refOf">Ref of an id.</param>
    public EntityOrder(IEnumerable<(int Id, string? Value)> values, Func<int, string> refOf)
    {
        _refOf = refOf;
        _values = [];
        foreach (var (id, value) in values)
        {
            if (!_values.TryGetValue(id, out var known) || Compare(value, known) < 0)
            {
                _values[id] = value;
            }
        }

        _ids = [.. _values.Keys];
        _ids.Sort((a, b) => Compare(_values[a], _refOf(a), _values[b], _refOf(b)));
    }

    /// <summary>All ids, in order.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>It followed so many changes that making it anew is cheaper than following more.</summary>
    public bool IsWorn => _changes > MaxChanges;

    public SortPosition PositionOf(int id) => new(_values[id], _refOf(id));

    /// <summary>Where the first id is that comes at a position or after it; one that is at it counts as found.</summary>
    public (int At, bool Found) Search(SortPosition position)
    {
        var at = LowerBound(position.Value, position.Ref);
        return (at, at < _ids.Count && Compare(_values[_ids[at]], _refOf(_ids[at]), position.Value, position.Ref) == 0);
    }

    public void Add(int id, string? value)
    {
        if (_values.TryGetValue(id, out var known))
        {
            if (Compare(value, known) >= 0)
            {
                return;
            }

            Remove(id);
        }

        _changes++;
        _ids.Insert(LowerBound(value, _refOf(id)), id);
        _values[id] = value;
    }

    public void Remove(int id)
    {
        if (_values.TryGetValue(id, out var value))
        {
            _changes++;
            _ids.RemoveAt(LowerBound(value, _refOf(id)));
            _values.Remove(id);
        }
    }

    private int LowerBound(string? value, string entityRef)
    {
        var (low, high) = (0, _ids.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(_values[_ids[middle]], _refOf(_ids[middle]), value, entityRef) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int Compare(string? value, string entityRef, string? otherValue, string otherRef)
    {
        var byValue = Compare(value, otherValue);
        return byValue != 0 ? byValue : string.CompareOrdinal(entityRef, otherRef);
    }

    private static int Compare(string? a, string? b)
    {
        var byPresence = (a is null).CompareTo(b is null);
        return byPresence != 0 ? byPresence : string.CompareOrdinal(a, b);
    }
}
