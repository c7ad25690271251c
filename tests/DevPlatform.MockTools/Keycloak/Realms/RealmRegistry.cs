using System.Collections.Concurrent;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>The realms of this server.</summary>
internal sealed class RealmRegistry
{
    private readonly ConcurrentDictionary<string, Realm> _realms = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public RealmRegistry(IConfiguration configuration, TimeProvider time)
    {
        _time = time;
        foreach (var realm in RealmImport.Read(configuration["Realm:Import"], configuration))
        {
            _realms[realm.Realm] = new Realm(realm, time);
        }
    }

    public IReadOnlyCollection<Realm> All => [.. _realms.Values];

    public Realm? Find(string? name) => name is null ? null : _realms.GetValueOrDefault(name);

    /// <summary>The same accounts and clients under another name with other keys: where tokens "of another realm" come from.</summary>
    public Realm? Copy(Realm source, string name)
    {
        var copy = new Realm(source.Representation with { Realm = name }, _time);
        return _realms.TryAdd(name, copy) ? copy : null;
    }
}

/// <summary>The realm of the request, put there by the middleware that takes <c>/realms/{realm}</c> off the path.</summary>
internal static class RealmOfRequest
{
    private static readonly object Key = new();

    public static void SetRealm(this HttpContext context, Realm realm) => context.Items[Key] = realm;

    public static Realm GetRealm(this HttpContext context) => (Realm)context.Items[Key]!;

    /// <summary>Keycloak's issuer: the realm's URL as the caller addressed it, without a slash at the end.</summary>
    public static string GetIssuer(this HttpContext context, Realm? realm = null) =>
        $"{context.Request.Scheme}://{context.Request.Host}/realms/{(realm ?? context.GetRealm()).Name}";
}
