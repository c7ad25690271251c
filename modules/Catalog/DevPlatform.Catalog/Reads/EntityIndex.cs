namespace DevPlatform.Catalog.Reads;

/// <summary>An entity in the read model.</summary>
/// <param name="Ref">Lower-case reference.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="Etag">Its etag.</param>
/// <param name="ParentRef">The Location entity that led to it.</param>
/// <param name="RootId">What it comes from.</param>
/// <param name="Json">As served.</param>
internal sealed record IndexedEntity(string Ref, Guid Uid, string Etag, string? ParentRef, Guid RootId, byte[] Json);

/// <summary>
/// All entities in memory, indexed by every search field. PostgreSQL is the truth; <see cref="ChangeFeed"/> keeps this up to date. Queries run
/// under a read lock, so each sees one state; a batch of changes is applied under the write lock.
/// </summary>
internal sealed class EntityIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly List<IndexedEntity?> _entities = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, int> _byRef = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> _byUid = [];
    private readonly Dictionary<string, FieldIndex> _fields = new(StringComparer.Ordinal);
    private readonly IdSet _all = new();
    private readonly Lock _making = new();
    private EntityOrder? _refOrder;

    /// <summary>Number of the last change applied.</summary>
    public long Version { get; private set; }

    public void Apply(IEnumerable<(string Ref, IndexedEntity? Entity)> changes, long version)
    {
        // Parsing happens before readers have to wait.
        var prepared = changes.Select(c => (c.Ref, c.Entity, Fields: c.Entity is null ? null : SearchFields.Of(c.Entity.Json))).ToList();
        _lock.EnterWriteLock();
        try
        {
            foreach (var (entityRef, entity, fields) in prepared)
            {
                Remove(entityRef);
                if (entity is not null)
                {
                    Add(entity, fields!);
                }
            }

            Version = version;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Clear()
    {
        _lock.EnterWriteLock();
        try
        {
            foreach (var entityRef in _byRef.Keys.ToList())
            {
                Remove(entityRef);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Runs a query on one state of the catalog.</summary>
    public T Read<T>(Func<EntityView, T> query)
    {
        _lock.EnterReadLock();
        try
        {
            return query(new EntityView(this));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Add(IndexedEntity entity, HashSet<SearchField> fields)
    {
        if (!_free.TryPop(out var id))
        {
            id = _entities.Count;
            _entities.Add(null);
        }

        _entities[id] = entity;
        _byRef[entity.Ref] = id;
        _byUid[entity.Uid] = id;
        _all.Add(id);
        foreach (var (key, value) in fields)
        {
            if (!_fields.TryGetValue(key, out var index))
            {
                _fields[key] = index = new FieldIndex(RefOf);
            }

            index.Add(id, value);
        }

        _refOrder?.Add(id, null);
        _refOrder = _refOrder?.IsWorn == true ? null : _refOrder;
    }

    private string RefOf(int id) => _entities[id]!.Ref;

    private void Remove(string entityRef)
    {
        if (!_byRef.Remove(entityRef, out var id))
        {
            return;
        }

        var entity = _entities[id]!;
        _refOrder?.Remove(id);
        foreach (var (key, value) in SearchFields.Of(entity.Json))
        {
            // It is gone already when another value of the same key was the last.
            if (!_fields.TryGetValue(key, out var index))
            {
                continue;
            }

            index.Remove(id, value);
            if (index.IsEmpty)
            {
                _fields.Remove(key);
            }
        }

        _byUid.Remove(entity.Uid);
        _all.Remove(id);
        _entities[id] = null;
        _free.Push(id);
    }

    /// <summary>The catalog during one query.</summary>
    internal readonly struct EntityView(EntityIndex index)
    {
        public long Version => index.Version;

        public IndexedEntity? Find(string entityRef) => index._byRef.TryGetValue(entityRef, out var id) ? index._entities[id] : null;

        public int? IdOf(string entityRef) => index._byRef.TryGetValue(entityRef, out var id) ? id : null;

        public IndexedEntity? Find(Guid uid) => index._byUid.TryGetValue(uid, out var id) ? index._entities[id] : null;

        public IndexedEntity this[int id] => index._entities[id]!;

        public FieldIndex? Field(string key) => index._fields.GetValueOrDefault(key.ToLowerInvariant());

        /// <summary>Whether one entity matches, without making a set.</summary>
        public bool Matches(IndexedEntity entity, EntityFilter? filter) => filter is null || Matches(index._byRef[entity.Ref], filter);

        /// <summary>The ids that match.</summary>
        public ulong[] Evaluate(EntityFilter filter)
        {
            var bits = Empty();
            switch (filter)
            {
                case EntityFilter.All { Filters.Count: 0 }:
                    index._all.OrInto(bits);
                    break;
                case EntityFilter.All all:
                    bits = Evaluate(all.Filters[0]);
                    foreach (var part in all.Filters.Skip(1))
                    {
                        Bits.And(bits, Evaluate(part));
                    }

                    break;
                case EntityFilter.Any any:
                    foreach (var part in any.Filters)
                    {
                        Bits.Or(bits, Evaluate(part));
                    }

                    break;
                case EntityFilter.Not not:
                    index._all.OrInto(bits);
                    Bits.AndNot(bits, Evaluate(not.Filter));
                    break;
                case EntityFilter.Exists exists:
                    Field(exists.Key)?.Exists.OrInto(bits);
                    break;
                case EntityFilter.In many when Field(many.Key) is { } field:
                    foreach (var value in many.Values)
                    {
                        field.Having(value)?.OrInto(bits);
                    }

                    break;
                case EntityFilter.Prefix prefix when Field(prefix.Key) is { } field:
                    foreach (var value in field.Values.Where(v => v.StartsWith(prefix.Text, StringComparison.Ordinal)))
                    {
                        field.Having(value)!.OrInto(bits);
                    }

                    break;
            }

            return bits;
        }

        /// <summary>Ids with the term in one of the fields' values.</summary>
        public ulong[] Containing(string lowerTerm, IEnumerable<string> fields)
        {
            var bits = Empty();
            foreach (var field in fields.Select(Field).OfType<FieldIndex>())
            {
                field.Text().FindInto(bits, lowerTerm);
            }

            return bits;
        }

        /// <summary>Ids in order of a field (those without it are left out), or of refs when it is null.</summary>
        public EntityOrder Order(string? field)
        {
            if (field is not null)
            {
                return Field(field)?.Order() ?? new EntityOrder([], index.RefOf);
            }

            lock (index._making)
            {
                return index._refOrder ??= new EntityOrder(index._all.Members().Select(id => (id, (string?)null)), index.RefOf);
            }
        }

        private ulong[] Empty() => new ulong[(index._entities.Count + 63) >> 6];

        private bool Matches(int id, EntityFilter filter)
        {
            var view = this;
            return filter switch
            {
                EntityFilter.All all => all.Filters.All(part => view.Matches(id, part)),
                EntityFilter.Any any => any.Filters.Any(part => view.Matches(id, part)),
                EntityFilter.Not not => !Matches(id, not.Filter),
                EntityFilter.Exists exists => Field(exists.Key)?.Exists.Contains(id) == true,
                EntityFilter.In many => Field(many.Key) is { } field && many.Values.Any(value => field.Having(value)?.Contains(id) == true),
                EntityFilter.Prefix prefix => Field(prefix.Key) is { } field
                    && field.Values.Any(value => value.StartsWith(prefix.Text, StringComparison.Ordinal) && field.Having(value)!.Contains(id)),
                _ => false,
            };
        }
    }
}
