using System.Collections.Frozen;
using System.Text.Json;
using DevPlatform.Shared.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DevPlatform.Identity.Tokens;

/// <summary>Turns the claims of a validated token into a <see cref="Caller"/> (RFC §8.2).</summary>
internal static class ClaimsReader
{
    /// <summary>The end of the year 9999.</summary>
    private const double MaxSeconds = 253_402_300_799;

    /// <summary>The caller, or null and which claim is missing.</summary>
    public static Caller? Read(JsonWebToken token, IdentityOptions options, out string? problem)
    {
        using var document = JsonDocument.Parse(Base64UrlDecode(token.EncodedPayload));
        return Read(document.RootElement, options, out problem);
    }

    internal static Caller? Read(JsonElement claims, IdentityOptions options, out string? problem)
    {
        problem = new[] { "sub", "preferred_username" }.FirstOrDefault(c => string.IsNullOrWhiteSpace(Text(claims, c)));
        if (problem is not null)
        {
            problem = $"claim \"{problem}\": found nothing; it is required";
            return null;
        }

        var username = Text(claims, "preferred_username")!;
        var groups = Texts(claims, "groups").Select(g => g.Trim('/')).Where(g => g.Length > 0).ToList();
        var teams = Texts(claims, "teams").Select(t => t.Trim('/')).Where(t => t.Length > 0).ToList();
        var userRef = $"user:default/{EntityName(username)}";
        return new Caller
        {
            Subject = Text(claims, "sub")!,
            Username = username,
            UserRef = userRef,
            OwnershipRefs = [.. groups.Concat(teams).SelectMany(g => GroupRefs(g, options.GroupNames)).Prepend(userRef).Distinct()],
            Roles = Roles(claims, options.Audience),
            Groups = groups.ToFrozenSet(StringComparer.Ordinal),
            GroupsProblem = GroupsProblem(claims),
            Teams = teams,
            Name = Text(claims, "name"),
            Email = Text(claims, "email"),
            SessionId = Text(claims, "sid"),
            IssuedAt = Time(claims, "iat"),
            ExpiresAt = Time(claims, "exp"),
        };
    }

    /// <summary>Azure AD leaves groups out that do not fit into a token, and says so in other claims.</summary>
    private static string? GroupsProblem(JsonElement claims)
    {
        if (claims.TryGetProperty("groups", out var groups) && groups.ValueKind == JsonValueKind.Array)
        {
            return null;
        }

        var overage = claims.TryGetProperty("hasgroups", out _)
            || (claims.TryGetProperty("_claim_names", out var names) && names.ValueKind == JsonValueKind.Object && names.TryGetProperty("groups", out _));
        return overage
            ? "the token's claim \"groups\" is left out because there are too many groups (overage)"
            : "the token has no claim \"groups\"";
    }

    private static FrozenSet<string> Roles(JsonElement claims, string client)
    {
        var realm = claims.TryGetProperty("realm_access", out var access) ? Texts(access, "roles") : [];
        var ours = claims.TryGetProperty("resource_access", out var resources) && resources.ValueKind == JsonValueKind.Object
            && resources.TryGetProperty(client, out var own) ? Texts(own, "roles") : [];
        return realm.Concat(ours).ToFrozenSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> GroupRefs(string path, GroupNames names)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> all = names switch
        {
            GroupNames.Leaf => [parts[^1]],
            GroupNames.Path => [string.Join('-', parts)],
            _ => Enumerable.Range(1, parts.Length).Reverse().Select(count => string.Join('-', parts[..count])),
        };
        return all.Select(name => $"group:default/{EntityName(name)}");
    }

    /// <summary>Entity names hold letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; refs are lower case.</summary>
    internal static string EntityName(string name) =>
        string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));

    /// <summary>Seconds since 1970, whole or not (RFC 7519, section 2); 1970 where there is none.</summary>
    private static DateTimeOffset Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(value.GetDouble(), 0, MaxSeconds))
            : DateTimeOffset.UnixEpoch;

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement claims, string name) =>
        claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)
            : [];

    private static byte[] Base64UrlDecode(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(text);
}
