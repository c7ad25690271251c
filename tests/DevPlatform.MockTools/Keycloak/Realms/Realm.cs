using System.Collections.Concurrent;
using DevPlatform.MockTools.Keycloak.Sessions;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>A realm in service: its accounts, clients, groups, keys and everything that was issued.</summary>
internal sealed class Realm
{
    private readonly ConcurrentDictionary<string, RealmUser> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Client> _clients;

    public Realm(RealmRepresentation representation, TimeProvider time)
    {
        Representation = representation;
        Groups = [.. representation.Groups.SelectMany(g => RealmGroup.Flatten(g, parent: null))];
        _clients = representation.Clients.Select(c => new Client(c)).ToDictionary(c => c.Id, StringComparer.Ordinal);
        foreach (var user in representation.Users)
        {
            _users[user.Username] = new RealmUser(user);
        }

        Sessions = new SessionStore(this, time);
        Codes = new CodeStore(time);
    }

    public RealmRepresentation Representation { get; }

    public string Name => Representation.Realm;

    public RealmKeys Keys { get; } = new();

    public IReadOnlyList<RealmGroup> Groups { get; }

    public IReadOnlyCollection<Client> Clients => _clients.Values;

    /// <summary>Users in the order the admin API pages through them; service accounts are not listed, as in Keycloak.</summary>
    public IEnumerable<RealmUser> Users => _users.Values.Where(u => u.Representation.ServiceAccountClientId is null)
        .OrderBy(u => u.Username, StringComparer.Ordinal);

    public SessionStore Sessions { get; }

    public CodeStore Codes { get; }

    public Client? FindClient(string? clientId) => clientId is not null
        && _clients.GetValueOrDefault(clientId) is { Representation.Enabled: true } client ? client : null;

    public RealmUser? FindUser(string? id) => _users.Values.FirstOrDefault(u => u.Id == id);

    /// <summary>By user name or e-mail address, upper or lower case.</summary>
    public RealmUser? FindLogin(string? login) => _users.Values.FirstOrDefault(u =>
        u.Representation.ServiceAccountClientId is null
        && (string.Equals(u.Username, login, StringComparison.OrdinalIgnoreCase)
            || (login is not null && string.Equals(u.Representation.Email, login, StringComparison.OrdinalIgnoreCase))));

    public RealmUser? FindServiceAccount(Client client) => _users.Values.FirstOrDefault(u => u.Representation.ServiceAccountClientId == client.Id);

    public bool Add(RealmUser user) => _users.TryAdd(user.Username, user);

    public bool Remove(RealmUser user) => _users.TryRemove(user.Username, out _);

    public IEnumerable<RealmGroup> GroupsOf(RealmUser user) => Groups.Where(g => user.Representation.Groups.Contains(g.Path));
}

/// <summary>A group with its place in the tree.</summary>
internal sealed record RealmGroup(string Id, string Path, string? ParentId, GroupRepresentation Representation)
{
    public string Name => Representation.Name;

    public static IEnumerable<RealmGroup> Flatten(GroupRepresentation group, RealmGroup? parent)
    {
        var self = new RealmGroup(group.Id ?? Guid.NewGuid().ToString(), $"{parent?.Path}/{group.Name}", parent?.Id, group);
        return group.SubGroups.SelectMany(child => Flatten(child, self)).Prepend(self);
    }
}
