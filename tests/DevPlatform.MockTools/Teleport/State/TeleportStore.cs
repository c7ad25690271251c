using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using DevPlatform.Access.Teleport.Protos;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DevPlatform.MockTools.Teleport.State;

/// <summary>Access requests and the audit log, written to <c>state.json</c> of the data directory with every change; watchers hear of each.</summary>
internal sealed class TeleportStore
{
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly string _cluster;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, AccessRequestV3> _requests = new(StringComparer.Ordinal);
    private readonly List<OneOf> _events = [];
    private readonly ConcurrentDictionary<Guid, Channel<Event>> _watchers = new();

    public TeleportStore(string directory, string cluster, TimeProvider time)
    {
        (_file, _cluster, _time) = (Path.Combine(directory, "state.json"), cluster, time);
        if (File.Exists(_file))
        {
            var saved = JsonSerializer.Deserialize<Saved>(File.ReadAllText(_file))!;
            _requests = saved.Requests.Select(b => AccessRequestV3.Parser.ParseFrom(b)).ToDictionary(r => r.Metadata.Name, StringComparer.Ordinal);
            _events = [.. saved.Events.Select(b => OneOf.Parser.ParseFrom(b))];
        }
    }

    /// <summary>Copies, oldest first; expired ones are gone.</summary>
    public AccessRequestV3[] Requests()
    {
        lock (_gate)
        {
            return [.. _requests.Values.Where(IsAlive).OrderBy(r => r.Spec.Created).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal)
                .Select(r => r.Clone())];
        }
    }

    public AccessRequestV3? Find(string id)
    {
        lock (_gate)
        {
            return _requests.TryGetValue(id, out var request) && IsAlive(request) ? request.Clone() : null;
        }
    }

    /// <summary>Changes one request in one step; <paramref name="change"/> sees and edits a copy and may throw.</summary>
    public AccessRequestV3? Change(string id, Action<AccessRequestV3> change, Func<AccessRequestV3, OneOf> audit)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(id, out var current) || !IsAlive(current))
            {
                return null;
            }

            var changed = current.Clone();
            change(changed);
            return Put(changed, audit(changed));
        }
    }

    public AccessRequestV3 Add(AccessRequestV3 request, OneOf audit)
    {
        lock (_gate)
        {
            return Put(request.Clone(), audit);
        }
    }

    public bool Remove(string id, OneOf? audit)
    {
        lock (_gate)
        {
            if (!_requests.Remove(id))
            {
                return false;
            }

            Save(audit);
            Publish(new Event
            {
                Type = Operation.Delete,
                ResourceHeader = new ResourceHeader
                {
                    Kind = "access_request",
                    Metadata = new Metadata { Name = id, Namespace = "default" }
                }
            });
            return true;
        }
    }

    public void AddEvent(OneOf audit)
    {
        lock (_gate)
        {
            Save(audit);
        }
    }

    public OneOf[] Events()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    /// <summary>Requests whose time is over, which the sweep removes.</summary>
    public string[] Expired()
    {
        lock (_gate)
        {
            return [.. _requests.Values.Where(r => !IsAlive(r)).Select(r => r.Metadata.Name)];
        }
    }

    /// <summary>The changes from now on; ends with the token.</summary>
    public (Guid Id, ChannelReader<Event> Reader) Watch()
    {
        var channel = Channel.CreateUnbounded<Event>();
        var id = Guid.NewGuid();
        _watchers[id] = channel;
        return (id, channel.Reader);
    }

    public void Unwatch(Guid id) => _watchers.TryRemove(id, out _);

    public EventMetadata NewEvent(string type, string code) => new()
    {
        Type = type,
        Code = code,
        Id = Guid.NewGuid().ToString(),
        Time = _time.GetUtcNow().ToTimestamp(),
        ClusterName = _cluster,
    };

    private bool IsAlive(AccessRequestV3 request) => request.Metadata.Expires is null
        || request.Metadata.Expires.ToDateTimeOffset() > _time.GetUtcNow();

    private AccessRequestV3 Put(AccessRequestV3 request, OneOf audit)
    {
        request.Metadata.Revision = Guid.NewGuid().ToString();
        _requests[request.Metadata.Name] = request;
        Save(audit);
        Publish(new Event { Type = Operation.Put, AccessRequest = request.Clone() });
        return request.Clone();
    }

    private void Save(OneOf? audit)
    {
        if (audit is not null)
        {
            _events.Add(audit);
        }

        var saved = new Saved([.. _requests.Values.Select(r => r.ToByteArray())], [.. _events.Select(e => e.ToByteArray())]);
        File.WriteAllText(_file + ".new", JsonSerializer.Serialize(saved));
        File.Move(_file + ".new", _file, overwrite: true);
    }

    private void Publish(Event change)
    {
        foreach (var watcher in _watchers.Values)
        {
            watcher.Writer.TryWrite(change);
        }
    }

    private sealed record Saved(byte[][] Requests, byte[][] Events);
}
