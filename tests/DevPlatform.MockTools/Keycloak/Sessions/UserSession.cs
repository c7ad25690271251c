using System.Collections.Concurrent;
using DevPlatform.MockTools.Keycloak.Realms;

namespace DevPlatform.MockTools.Keycloak.Sessions;

/// <summary>A user's single sign-on session; tokens carry its id as <c>sid</c>.</summary>
internal sealed class UserSession(RealmUser user, DateTimeOffset started)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public RealmUser User => user;

    public DateTimeOffset Started => started;

    public DateTimeOffset LastAccess { get; set; }

    /// <summary>Ids of the clients that got tokens in this session: those to tell when it ends.</summary>
    public ConcurrentDictionary<string, bool> Clients { get; } = new(StringComparer.Ordinal);
}

/// <summary>The live sessions of a realm.</summary>
internal sealed class SessionStore(Realm realm, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, UserSession> _sessions = new(StringComparer.Ordinal);

    public UserSession Start(RealmUser user)
    {
        var session = new UserSession(user, time.GetUtcNow()) { LastAccess = time.GetUtcNow() };
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>The session, unless it was ended, idle for too long, too old, or its user is gone or disabled.</summary>
    public UserSession? Find(string? id)
    {
        if (id is null || !_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var alive = now - session.LastAccess <= TimeSpan.FromSeconds(realm.Representation.SsoSessionIdleTimeout)
            && now - session.Started <= TimeSpan.FromSeconds(realm.Representation.SsoSessionMaxLifespan)
            && realm.FindUser(session.User.Id) is { Enabled: true };
        return alive ? session : null;
    }

    public IEnumerable<UserSession> Of(RealmUser user) => _sessions.Values.Where(s => s.User == user && Find(s.Id) is not null);

    public void Touch(UserSession session, Client client)
    {
        session.LastAccess = time.GetUtcNow();
        session.Clients[client.Id] = true;
    }

    public bool End(UserSession session) => _sessions.TryRemove(session.Id, out _);
}
