using System.Numerics;

namespace DevPlatform.Catalog.Reads;

/// <summary>A set of small integers: a sorted array while it is small (its only member for itself), bits when it is not.</summary>
internal class IdSet
{
    private const int MaxSparse = 256;

    private int[]? _sparse = [];
    private ulong[] _bits = [];
    private int _only;

    public int Count { get; private set; }

    // Most values are one entity's: those have no array.
    private bool IsSingle => Count == 1 && _sparse is { Length: 0 };

    public bool Contains(int id) => IsSingle ? _only == id : _sparse is { } sparse
        ? Array.BinarySearch(sparse, 0, Count, id) >= 0
        : id >> 6 < _bits.Length && (_bits[id >> 6] & (1UL << id)) != 0;

    public void Add(int id)
    {
        if (Contains(id))
        {
            return;
        }

        if (Count == 0 && _sparse is { Length: 0 })
        {
            _only = id;
        }
        else if (_sparse is { } sparse && Count < MaxSparse)
        {
            if (IsSingle)
            {
                _sparse = sparse = [_only, 0];
            }

            var at = ~Array.BinarySearch(sparse, 0, Count, id);
            if (Count == sparse.Length)
            {
                Array.Resize(ref sparse, Count * 2);
                _sparse = sparse;
            }

            Array.Copy(sparse, at, sparse, at + 1, Count - at);
            sparse[at] = id;
        }
        else
        {
            BecomeDense();
            Set(id);
        }

        Count++;
    }

    public void Remove(int id)
    {
        if (!Contains(id))
        {
            return;
        }

        if (IsSingle)
        {
            _only = 0;
        }
        else if (_sparse is { } sparse)
        {
            var at = Array.BinarySearch(sparse, 0, Count, id);
            Array.Copy(sparse, at + 1, sparse, at, Count - at - 1);
        }
        else
        {
            _bits[id >> 6] &= ~(1UL << id);
        }

        Count--;
    }

    /// <summary>Adds this set to <paramref name="bits"/>, which is long enough.</summary>
    public void OrInto(ulong[] bits)
    {
        if (IsSingle)
        {
            bits[_only >> 6] |= 1UL << _only;
        }
        else if (_sparse is { } sparse)
        {
            foreach (var id in sparse.AsSpan(0, Count))
            {
                bits[id >> 6] |= 1UL << id;
            }
        }
        else
        {
            for (var i = 0; i < Math.Min(_bits.Length, bits.Length); i++)
            {
                bits[i] |= _bits[i];
            }
        }
    }

    /// <summary>How many members are in <paramref name="bits"/>.</summary>
    public int CountIn(ulong[] bits)
    {
        var count = 0;
        if (IsSingle)
        {
            return Bits.Has(bits, _only) ? 1 : 0;
        }

        if (_sparse is { } sparse)
        {
            foreach (var id in sparse.AsSpan(0, Count))
            {
                count += Bits.Has(bits, id) ? 1 : 0;
            }
        }
        else
        {
            for (var i = 0; i < Math.Min(_bits.Length, bits.Length); i++)
            {
                count += BitOperations.PopCount(_bits[i] & bits[i]);
            }
        }

        return count;
    }

    public IEnumerable<int> Members()
    {
        if (IsSingle)
        {
            yield return _only;
            yield break;
        }

        if (_sparse is { } sparse)
        {
            for (var i = 0; i < Count; i++)
            {
                yield return sparse[i];
            }

            yield break;
        }

        for (var i = 0; i < _bits.Length; i++)
        {
            for (var word = _bits[i]; word != 0; word &= word - 1)
            {
                yield return (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }
    }

    public IdSet Copy() => new() { _sparse = (int[]?)_sparse?.Clone(), _bits = (ulong[])_bits.Clone(), _only = _only, Count = Count };

    private void BecomeDense()
    {
        if (_sparse is not { } sparse)
        {
            return;
        }

        _sparse = null;
        foreach (var id in sparse.AsSpan(0, Count))
        {
            Set(id);
        }
    }

    private void Set(int id)
    {
        if (id >> 6 >= _bits.Length)
        {
            Array.Resize(ref _bits, Math.Max((id >> 6) + 1, _bits.Length * 2));
        }

        _bits[id >> 6] |= 1UL << id;
    }
}

/// <summary>Operations on plain bit arrays of equal length.</summary>
internal static class Bits
{
    public static bool Has(ulong[] bits, int id) => (bits[id >> 6] & (1UL << id)) != 0;

    public static void Add(ulong[] bits, int id) => bits[id >> 6] |= 1UL << id;

    public static int Count(ulong[] bits)
    {
        var count = 0;
        foreach (var word in bits)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    public static void And(ulong[] target, ulong[] other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] &= other[i];
        }
    }

    public static void Or(ulong[] target, ulong[] other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] |= other[i];
        }
    }

    public static void AndNot(ulong[] target, ulong[] other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] &= ~other[i];
        }
    }
}
