namespace DevPlatform.Catalog.Reads;

/// <summary>Who has a key, with which values. Written under the index's write lock, read under its read lock; an id's values are removed together.</summary>
internal sealed class FieldIndex(Func<int, string> refOf)
{
    private readonly Dictionary<string, ValueGroup> _values = new(StringComparer.Ordinal);
    private readonly Lock _making = new();
    private EntityOrder? _order;
    private TextIndex? _text;

    /// <summary>Everyone who has the key.</summary>
    public IdSet Exists { get; } = new();

    /// <summary>Values in lower case.</summary>
    public IReadOnlyCollection<string> Values => _values.Keys;

    public bool IsEmpty => Exists.Count == 0 && _values.Count == 0;

    public IdSet? Having(string lowerValue) => _values.GetValueOrDefault(lowerValue);

    /// <summary>Who has a value in just this case.</summary>
    public IdSet? HavingExactly(string value) => _values.GetValueOrDefault(value.ToLowerInvariant())?.Having(value);

    /// <summary>Values in their own case, with who has them.</summary>
    public IEnumerable<(string Value, IdSet Ids)> Originals => _values.Values.SelectMany(group => group.Originals);

    public void Add(int id, string? value)
    {
        Exists.Add(id);
        if (value is null)
        {
            _order?.Add(id, null);
            DropWorn();
            return;
        }

        var lower = value.ToLowerInvariant();
        if (!_values.TryGetValue(lower, out var group))
        {
            _values[lower] = group = new ValueGroup();
        }

        group.Add(id, value);
        _text?.Add(id, lower);
        _order?.Add(id, lower);
        DropWorn();
    }

    public void Remove(int id, string? value)
    {
        _order?.Remove(id);
        _text?.Remove(id);
        DropWorn();
        Exists.Remove(id);
        if (value is not null && _values.TryGetValue(value.ToLowerInvariant(), out var group) && group.Remove(id, value))
        {
            _values.Remove(value.ToLowerInvariant());
        }
    }

    /// <summary>
    /// Ids by lower-case value, then ref; those whose value cannot be compared come last. An id with several values is where its first is.
    /// </summary>
    public EntityOrder Order()
    {
        lock (_making)
        {
            return _order ??= new EntityOrder(
                _values.SelectMany(pair => pair.Value.Members().Select(id => (id, (string?)pair.Key))).Concat(Exists.Members().Select(id => (id, (string?)null))), refOf);
        }
    }

    /// <summary>Finds terms within the values.</summary>
    public TextIndex Text()
    {
        lock (_making)
        {
            if (_text is not null)
            {
                return _text;
            }

            var text = new TextIndex();
            foreach (var (value, group) in _values)
            {
                foreach (var id in group.Members())
                {
                    text.Add(id, value);
                }
            }

            return _text = text;
        }
    }

    // They are made again when they are next asked for.
    private void DropWorn()
    {
        _order = _order?.IsWorn == true ? null : _order;
        _text = _text?.IsWorn == true ? null : _text;
    }

    /// <summary>Who has a value in any case, and in which.</summary>
    private sealed class ValueGroup : IdSet
    {
        private string? _single;
        private Dictionary<string, IdSet>? _variants;

        public IEnumerable<(string Value, IdSet Ids)> Originals => _variants?.Select(pair => (pair.Key, pair.Value)) ?? [(_single!, this)];

        public IdSet? Having(string value) => _variants is not null ? _variants.GetValueOrDefault(value) : _single == value ? this : null;

        public void Add(int id, string value)
        {
            if (_single is null && _variants is null)
            {
                _single = value;
            }
            else if (_variants is null && _single != value)
            {
                // A second spelling: from here on each has its own set.
                _variants = new Dictionary<string, IdSet>(StringComparer.Ordinal) { [_single!] = Copy() };
            }

            Add(id);
            if (_variants is not null)
            {
                if (!_variants.TryGetValue(value, out var ids))
                {
                    _variants[value] = ids = new IdSet();
                }

                ids.Add(id);
            }
        }

        /// <returns>True when nobody is left.</returns>
        public bool Remove(int id, string value)
        {
            if (_variants is null)
            {
                Remove(id);
                return Count == 0;
            }

            if (_variants.TryGetValue(value, out var ids))
            {
                ids.Remove(id);
                if (ids.Count == 0)
                {
                    _variants.Remove(value);
                }
            }

            if (!_variants.Values.Any(other => other.Contains(id)))
            {
                Remove(id);
            }

            return Count == 0;
        }
    }
}
