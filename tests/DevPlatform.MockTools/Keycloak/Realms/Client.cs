using System.Security.Cryptography;
using System.Text;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>A client (application) of a realm and the checks Keycloak makes on it.</summary>
internal sealed class Client(ClientRepresentation representation)
{
    /// <summary>The internal id that the admin API uses; <see cref="Id"/> is the <c>client_id</c>.</summary>
    public string Uuid { get; } = representation.Id ?? Guid.NewGuid().ToString();

    public string Id => representation.ClientId;

    public ClientRepresentation Representation => representation;

    public bool RequiresPkce => representation.Attributes.GetValueOrDefault("pkce.code.challenge.method") is "S256";

    public bool DeviceGrantEnabled => representation.Attributes.GetValueOrDefault("oauth2.device.authorization.grant.enabled") is "true";

    public string? BackChannelLogoutUrl => representation.Attributes.GetValueOrDefault("backchannel.logout.url") is { Length: > 0 } url ? url : null;

    public bool HasSecret(string? secret) =>
        secret is not null && representation.Secret is { Length: > 0 } own
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(own), Encoding.UTF8.GetBytes(secret));

    public bool AllowsRedirect(string? uri) => Allows(representation.RedirectUris, uri);

    /// <summary><c>+</c> in the attribute stands for the redirect URIs; entries are separated by <c>##</c>.</summary>
    public bool AllowsPostLogoutRedirect(string? uri)
    {
        var allowed = representation.Attributes.GetValueOrDefault("post.logout.redirect.uris", "+")
            .Split("##", StringSplitOptions.RemoveEmptyEntries);
        return Allows(allowed.SelectMany(a => a == "+" ? representation.RedirectUris : [a]), uri);
    }

    private bool Allows(IEnumerable<string> patterns, string? uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Fragment.Length > 0 || parsed.UserInfo.Length > 0)
        {
            return false;
        }

        // Native and local applications listen on a random port: for loopback hosts Keycloak compares again without it.
        var withoutPort = parsed is { IsLoopback: true, Scheme: "http" } ? $"http://{parsed.Host}{parsed.PathAndQuery}" : null;
        return patterns.Select(p => p.StartsWith('/') ? representation.RootUrl + p : p)
            .Any(p => Matches(p, uri!) || (withoutPort is not null && Matches(p, withoutPort)));
    }

    private static bool Matches(string pattern, string uri) => pattern.EndsWith('*')
        ? uri.Split('?')[0].StartsWith(pattern[..^1], StringComparison.Ordinal)
        : string.Equals(pattern, uri, StringComparison.Ordinal);
}
