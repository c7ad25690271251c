using System.Globalization;
using DevPlatform.MockTools.Keycloak.Realms;

namespace DevPlatform.MockTools.Keycloak.Tokens;

/// <summary>Keycloak's protocol mappers, as configured on the client.</summary>
internal static class ProtocolMappers
{
    public static void Apply(Dictionary<string, object> claims, TokenRequest token, TokenKind kind)
    {
        foreach (var mapper in token.Client.Representation.ProtocolMappers.Where(m => AppliesTo(m, kind)))
        {
            if (mapper.ProtocolMapper == "oidc-audience-mapper")
            {
                AddAudience(claims, mapper);
            }
            else if (ValueOf(mapper, token) is { } value && mapper.Config.GetValueOrDefault("claim.name") is { Length: > 0 } name)
            {
                Set(claims, name, value);
            }
        }
    }

    private static bool AppliesTo(ProtocolMapperRepresentation mapper, TokenKind kind) => mapper.Config.GetValueOrDefault(kind switch
    {
        TokenKind.Access => "access.token.claim",
        TokenKind.Id => "id.token.claim",
        TokenKind.UserInfo => "userinfo.token.claim",
        _ => "introspection.token.claim",
    }) == "true";

    private static object? ValueOf(ProtocolMapperRepresentation mapper, TokenRequest token)
    {
        var config = mapper.Config;
        return mapper.ProtocolMapper switch
        {
            "oidc-group-membership-mapper" => Groups(token, fullPath: config.GetValueOrDefault("full.path", "true") == "true"),
            "oidc-usermodel-attribute-mapper" =>
                Attribute(config, token.User.Representation.Attributes.GetValueOrDefault(config.GetValueOrDefault("user.attribute", ""))),
            "oidc-usermodel-realm-role-mapper" => token.User.RealmRoles(token.Realm.Name)
                .Select(r => config.GetValueOrDefault("usermodel.realmRoleMapping.rolePrefix") + r).ToArray(),
            "oidc-usermodel-property-mapper" => Property(config.GetValueOrDefault("user.attribute"), token.User),
            "oidc-hardcoded-claim-mapper" => Typed(config, config.GetValueOrDefault("claim.value", "")),
            _ => null,
        };
    }

    /// <summary>A user in no group has the claim with an empty list; only the mapper's absence leaves it out.</summary>
    private static string[] Groups(TokenRequest token, bool fullPath) =>
        [.. token.Realm.GroupsOf(token.User).Select(g => fullPath ? g.Path : g.Name)];

    private static object? Attribute(Dictionary<string, string> config, string[]? values) => values switch
    {
        null or [] => null,
        _ when config.GetValueOrDefault("multivalued") == "true" => values.Select(v => Typed(config, v)).ToArray(),
        _ => Typed(config, values[0]),
    };

    private static object? Property(string? name, RealmUser user) => name switch
    {
        "username" => user.Username,
        "email" => user.Representation.Email,
        "emailVerified" => user.Representation.EmailVerified,
        "firstName" => user.Representation.FirstName,
        "lastName" => user.Representation.LastName,
        "id" => user.Id,
        _ => null,
    };

    private static object Typed(Dictionary<string, string> config, string value) => config.GetValueOrDefault("jsonType.label") switch
    {
        "boolean" => bool.Parse(value),
        "int" or "long" => long.Parse(value, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static void AddAudience(Dictionary<string, object> claims, ProtocolMapperRepresentation mapper)
    {
        var audience = mapper.Config.GetValueOrDefault("included.client.audience") is { Length: > 0 } client ? client
            : mapper.Config.GetValueOrDefault("included.custom.audience");
        if (audience is { Length: > 0 })
        {
            string[] all = claims.GetValueOrDefault("aud") switch
            {
                string one => [audience, one],
                string[] many => [audience, .. many],
                _ => [audience],
            };
            claims["aud"] = all.Distinct(StringComparer.Ordinal).ToArray() is [var single] ? single : all.Distinct(StringComparer.Ordinal).ToArray();
        }
    }

    /// <summary>Dots in a claim's name make nested objects; <c>\.</c> keeps a dot.</summary>
    private static void Set(Dictionary<string, object> claims, string name, object value)
    {
        var path = name.Replace("\\.", "\0").Split('.').Select(p => p.Replace('\0', '.')).ToArray();
        foreach (var part in path[..^1])
        {
            if (claims.GetValueOrDefault(part) is not Dictionary<string, object> child)
            {
                claims[part] = child = new Dictionary<string, object>(StringComparer.Ordinal);
            }

            claims = child;
        }

        claims[path[^1]] = value;
    }
}
