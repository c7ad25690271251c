using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>A user of a realm; <see cref="Representation"/> is replaced when the account is changed (disabled, other groups).</summary>
internal sealed class RealmUser(UserRepresentation representation)
{
    public string Id { get; } = representation.Id ?? Guid.NewGuid().ToString();

    public UserRepresentation Representation { get; set; } = representation;

    public string Username => Representation.Username;

    public bool Enabled => Representation.Enabled;

    public string? FullName => $"{Representation.FirstName} {Representation.LastName}".Trim() is { Length: > 0 } name ? name : null;

    public bool HasPassword(string? password) =>
        password is not null
        && Representation.Credentials.Any(c => c is { Type: "password", Value: { } value }
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(password)));

    /// <summary>Roles as tokens carry them: the composite <c>default-roles-&lt;realm&gt;</c> brings its parts along.</summary>
    public IEnumerable<string> RealmRoles(string realm)
    {
        var composite = $"default-roles-{realm}";
        return Representation.RealmRoles.Contains(composite)
            ? Representation.RealmRoles.Concat(["offline_access", "uma_authorization"]).Distinct(StringComparer.Ordinal)
            : Representation.RealmRoles;
    }

    public Dictionary<string, string[]> ClientRoles(string realm) =>
        Representation.RealmRoles.Contains($"default-roles-{realm}") && !Representation.ClientRoles.ContainsKey("account")
            ? new(Representation.ClientRoles, StringComparer.Ordinal) { ["account"] = ["manage-account", "manage-account-links", "view-profile"] }
            : Representation.ClientRoles;
}
