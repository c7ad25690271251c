using DevPlatform.Shared.Configuration;

namespace DevPlatform.Identity;

/// <summary>Settings in section <c>Identity</c>: whose tokens are accepted and how their claims are read.</summary>
internal sealed class IdentityOptions : ICheckedOptions
{
    public const string Section = "Identity";

    /// <summary>Base URL of Keycloak, without <c>/realms</c>; by default the service <c>keycloak</c> of service discovery.</summary>
    public string? KeycloakUrl { get; set; }

    /// <summary>Keycloak's realm.</summary>
    public string Realm { get; set; } = "platform";

    /// <summary>Issuer that tokens must name; by default the one that the realm's discovery document names.</summary>
    public string? Issuer { get; set; }

    /// <summary>Audience that tokens must name, and the client whose roles (<c>resource_access</c>) count.</summary>
    public string Audience { get; set; } = "developer-portal";

    /// <summary>Our client at Keycloak.</summary>
    public string ClientId { get; set; } = "developer-portal";

    /// <summary>The client's secret.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>How <c>/platform/admins</c> becomes a name in <c>group:default/…</c>: see <see cref="GroupNames"/>.</summary>
    public GroupNames GroupNames { get; set; } = GroupNames.Leaf;

    /// <summary>Issuer URL of the realm as we reach it.</summary>
    public string Authority => $"{KeycloakUrl!.TrimEnd('/')}/realms/{Realm}";

    public IEnumerable<string> Problems(string section)
    {
        if (!Uri.TryCreate(KeycloakUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            yield return SettingProblem.Of(section, nameof(KeycloakUrl), KeycloakUrl, "an http or https URL (or services:keycloak:http:0)");
        }

        if (string.IsNullOrWhiteSpace(Realm) || Realm.Contains('/', StringComparison.Ordinal))
        {
            yield return SettingProblem.Of(section, nameof(Realm), Realm, "the name of a Keycloak realm");
        }

        if (string.IsNullOrWhiteSpace(Audience))
        {
            yield return SettingProblem.Of(section, nameof(Audience), Audience, "a client id, such as developer-portal");
        }
    }
}

/// <summary>What a nested Keycloak group is called in the catalog.</summary>
internal enum GroupNames
{
    /// <summary><c>/platform/admins</c> → <c>admins</c>.</summary>
    Leaf,

    /// <summary><c>/platform/admins</c> → <c>platform-admins</c>.</summary>
    Path,

    /// <summary><c>/platform/admins</c> → <c>platform-admins</c> and <c>platform</c>: members of a group are members of those above it.</summary>
    Ancestors,
}
