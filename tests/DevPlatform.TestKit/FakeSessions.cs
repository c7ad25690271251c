using System.Collections.Concurrent;
using DevPlatform.Shared.Identity;

namespace DevPlatform.TestKit;

/// <summary>Sessions of a host without the Identity module: they end when a test says so.</summary>
public sealed class FakeSessions : ISessionEnds
{
    private readonly ConcurrentDictionary<Watcher, bool> _watchers = new();

    /// <summary>How many answers of a user are open.</summary>
    public int Open(string userRef) => _watchers.Keys.Count(watcher => watcher.UserRef == userRef);

    /// <inheritdoc />
    public IDisposable Watch(Caller caller, Action ended)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var watcher = new Watcher(this, caller.UserRef, ended);
        _watchers[watcher] = true;
        return watcher;
    }

    /// <summary>Ends what is open of a user.</summary>
    public void End(string userRef)
    {
        foreach (var watcher in _watchers.Keys.Where(watcher => watcher.UserRef == userRef))
        {
            watcher.Ended();
        }
    }

    private sealed class Watcher(FakeSessions sessions, string userRef, Action ended) : IDisposable
    {
        public string UserRef => userRef;

        public Action Ended => ended;

        public void Dispose() => sessions._watchers.TryRemove(this, out _);
    }
}
