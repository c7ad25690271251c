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
/// under a read lock, so each sees one state; changes are applied under the write lock, many of them in parts.
/// </summary>
internal sealed class EntityIndex : IDisposable
{
    // Readers wait no longer than these take, and what is being parsed stays small.
    private const int MaxAtOnce = 256;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly List<IndexedEntity?> _entities = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, int> _byRef = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> _byUid = [];
    private readonly Dictionary<string, FieldIndex> _fields = new(StringComparer.Ordinal);
    private readonly IdSet _all = new();
    private readonly Lock _making = new();
    private readonly Func<int, string> _refOf;
    private EntityOrder? _refOrder;

    public EntityIndex() => _refOf = id => _entities[id]!.Ref;

    /// <summary>Number of the last change applied.</summary>
    public long Version { get; private set; }

    /// <summary>Applies changes, of which the last counts where an entity has several. One thread may do so at a time.</summary>
    /// <param name="changes">Entities, and null for those that are gone.</param>
    /// <param name="version">What <see cref="Version"/> is when all are applied.</param>
    public void Apply(IEnumerable<(string Ref, IndexedEntity? Entity)> changes, long version)
    {
        foreach (var part in changes.Chunk(MaxAtOnce))
        {
            ApplyPart(part);
        }

        _lock.EnterWriteLock();
        Version = version;
        _lock.ExitWriteLock();
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

    private void ApplyPart((string Ref, IndexedEntity? Entity)[] part)
    {
        var last = new Dictionary<string, IndexedEntity?>(StringComparer.Ordinal);
        foreach (var (entityRef, entity) in part)
        {
            last[entityRef] = entity;
        }

        // Parsing happens before readers have to wait; nobody else changes meanwhile what is looked up here.
        var changes = new List<EntityReplacement>(last.Count);
        foreach (var (entityRef, entity) in last)
        {
            var before = _byRef.TryGetValue(entityRef, out var id) ? _entities[id] : null;
            if ((before?.Uid, before?.Etag, before?.RootId, before?.ParentRef) != (entity?.Uid, entity?.Etag, entity?.RootId, entity?.ParentRef))
            {
                changes.Add(EntityReplacement.Of(before, entity));
            }
        }

        _lock.EnterWriteLock();
        try
        {
            foreach (var change in changes)
            {
                Replace(change);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private void Replace(EntityReplacement change)
    {
        var id = change.Before is { } before ? _byRef[before.Ref] : NewId();
        if (change.Before is { } old && change.After is null)
        {
            _refOrder?.Remove(id);
            _byRef.Remove(old.Ref);
            _all.Remove(id);
        }

        if (change.Before is { } known && known.Uid != change.After?.Uid)
        {
            _byUid.Remove(known.Uid);
        }

        foreach (var (key, value) in change.Removed)
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

        _entities[id] = change.After;
        if (change.After is not { } entity)
        {
            _free.Push(id);
            return;
        }

        _byUid[entity.Uid] = id;
        foreach (var (key, value) in change.Added)
        {
            if (!_fields.TryGetValue(key, out var index))
            {
                _fields[key] = index = new FieldIndex(_refOf);
            }

            index.Add(id, value);
        }

        if (change.Before is null)
        {
            _byRef[entity.Ref] = id;
            _all.Add(id);
            _refOrder?.Add(id, null);
        }

        _refOrder = _refOrder?.IsWorn == true ? null : _refOrder;
    }

    private int NewId()
    {
        if (!_free.TryPop(out var id))
        {
            id = _entities.Count;
            _entities.Add(null);
        }

        return id;
    }

    /// <summary>The catalog during one query.</summary>
    internal readonly struct EntityView(EntityIndex index)
    {
        public long Version => index.Version;

        public int Count => index._all.Count;

        /// <summary>All of them, in no order: a walk through the whole catalog.</summary>
        public IEnumerable<IndexedEntity> Entities => index._entities.OfType<IndexedEntity>();

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
                return Field(field)?.Order() ?? new EntityOrder([], index._refOf);
            }

            lock (index._making)
            {
                return index._refOrder ??= new EntityOrder(index._all.Members().Select(id => (id, (string?)null)), index._refOf);
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
