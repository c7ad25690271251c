using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>The objects at one version of the store.</summary>
internal sealed record StoreSnapshot(ImmutableSortedDictionary<ObjectKey, JsonObject> Objects, long Version);

/// <summary>One change: <c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>, the object after it (of a deletion: its last state) and before.</summary>
internal sealed record StoreEvent(long Version, string Type, ObjectKey Key, JsonObject Object, JsonObject? Previous);

/// <summary>
/// All objects with one counter of versions, as etcd has. Stored objects are never changed, only replaced. Changes are made one
/// transaction at a time; the recent ones are kept for watches.
/// </summary>
internal sealed class ObjectStore
{
    private readonly Lock _gate = new();
    private readonly int _history;
    private readonly Dictionary<long, (StoreSnapshot Snapshot, DateTimeOffset Until)> _pages = [];
    private readonly TimeProvider _time;
    private List<StoreEvent> _events = [];
    private StoreSnapshot _current;
    private long _compacted;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ObjectStore(KubernetesOptions options, TimeProvider time)
    {
        _history = options.History;
        _time = time;
        // Versions of an earlier life of an unsaved store must look old to this one, or its watchers would wait for ever.
        var start = (time.GetUtcNow().ToUnixTimeSeconds() - 1_700_000_000) * 100;
        _current = new StoreSnapshot(ImmutableSortedDictionary<ObjectKey, JsonObject>.Empty, start);
        _compacted = start;
    }

    public StoreSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Completes at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Starts with saved objects; what happened before is not known any more.</summary>
    public void Load(StoreSnapshot saved)
    {
        lock (_gate)
        {
            _current = saved with { Version = Math.Max(saved.Version, _current.Version) };
            _compacted = _current.Version;
        }
    }

    /// <summary>Runs a change; when it throws, nothing of it stays.</summary>
    public T Write<T>(Func<StoreTransaction, T> change)
    {
        lock (_gate)
        {
            var transaction = new StoreTransaction(_current);
            var result = change(transaction);
            if (transaction.Events.Count > 0)
            {
                _current = transaction.Result;
                _events.AddRange(transaction.Events);
                if (_events.Count > _history)
                {
                    Forget(_events[_events.Count - _history - 1].Version);
                }

                Signal();
            }

            return result;
        }
    }

    /// <summary>The changes after a version, or null when some of them are forgotten.</summary>
    public IReadOnlyList<StoreEvent>? EventsAfter(long version, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            if (version < _compacted)
            {
                return null;
            }

            var first = _events.Count;
            while (first > 0 && _events[first - 1].Version > version)
            {
                first--;
            }

            return _events[first..];
        }
    }

    /// <summary>Forgets all changes so far: watches and pages from earlier versions get 410.</summary>
    public long Compact()
    {
        lock (_gate)
        {
            Forget(_current.Version);
            _pages.Clear();
            return _compacted;
        }
    }

    /// <summary>Keeps a snapshot for the next pages of a list.</summary>
    public void Keep(StoreSnapshot snapshot)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var old in _pages.Where(p => p.Value.Until < now).Select(p => p.Key).ToArray())
            {
                _pages.Remove(old);
            }

            _pages[snapshot.Version] = (snapshot, now.AddMinutes(5));
        }
    }

    public StoreSnapshot? Kept(long version)
    {
        lock (_gate)
        {
            return _pages.TryGetValue(version, out var page) && page.Until >= _time.GetUtcNow() ? page.Snapshot : null;
        }
    }

    private void Forget(long version)
    {
        _compacted = version;
        _events = [.. _events.Where(e => e.Version > version)];
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}

/// <summary>A change of the store in the making.</summary>
internal sealed class StoreTransaction(StoreSnapshot start)
{
    public StoreSnapshot Result { get; private set; } = start;

    public List<StoreEvent> Events { get; } = [];

    public JsonObject? Get(ObjectKey key) => Result.Objects.GetValueOrDefault(key);

    /// <summary>Stores an object under the next version, which is written into it.</summary>
    public JsonObject Put(ObjectKey key, JsonObject value)
    {
        var previous = Get(key);
        Append(previous is null ? "ADDED" : "MODIFIED", key, value, previous, o => o.SetItem(key, value));
        return value;
    }

    public JsonObject Remove(ObjectKey key)
    {
        var previous = Get(key)!;
        var last = previous.Copy();
        Append("DELETED", key, last, previous, o => o.Remove(key));
        return last;
    }

    private void Append(
        string type,
        ObjectKey key,
        JsonObject value,
        JsonObject? previous,
        Func<ImmutableSortedDictionary<ObjectKey, JsonObject>, ImmutableSortedDictionary<ObjectKey, JsonObject>> change)
    {
        var version = Result.Version + 1;
        value.Child("metadata")["resourceVersion"] = version.ToString();
        Result = new StoreSnapshot(change(Result.Objects), version);
        Events.Add(new StoreEvent(version, type, key, value, previous));
    }
}
