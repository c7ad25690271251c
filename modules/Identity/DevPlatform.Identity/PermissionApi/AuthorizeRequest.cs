using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Identity.PermissionApi;

/// <summary>One question of <c>/authorize</c>.</summary>
/// <param name="Id">Chosen by the caller.</param>
/// <param name="Permission">What is asked about.</param>
/// <param name="ResourceRefs">For which resources; empty for a basic permission.</param>
/// <param name="IsArray">Whether the refs came as an array, and so must the answers.</param>
internal sealed record AuthorizeQuestion(string Id, Permission Permission, IReadOnlyList<string> ResourceRefs, bool IsArray);

/// <summary>
/// Reads the body of <c>/authorize</c> strictly, as Backstage does: unknown fields are errors, and the message is a JSON array of issues
/// (<c>code</c>, <c>path</c>, <c>message</c>), which its clients show.
/// </summary>
internal sealed class AuthorizeRequest
{
    private const int MaxItems = 1000;
    private static readonly string[] Actions = ["create", "read", "update", "delete", "use"];
    private readonly List<JsonObject> _issues = [];

    /// <exception cref="InputException">All that is wrong with it.</exception>
    public static IReadOnlyList<AuthorizeQuestion> Parse(JsonNode? body)
    {
        var reader = new AuthorizeRequest();
        var questions = reader.Read(body);
        if (reader._issues.Count > 0)
        {
            throw new InputException(new JsonArray([.. reader._issues]).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        }

        return questions;
    }

    private List<AuthorizeQuestion> Read(JsonNode? body)
    {
        if (Object(body, [], "items") is not { } root || Array(root["items"], ["items"]) is not { } items)
        {
            return [];
        }

        if (items.Count > MaxItems)
        {
            Issue("too_big", ["items"], $"Array must contain at most {MaxItems} element(s)");
            return [];
        }

        return [.. items.Select((item, i) => ReadItem(item, ["items", i])).OfType<AuthorizeQuestion>()];
    }

    private AuthorizeQuestion? ReadItem(JsonNode? node, object[] path)
    {
        if (Object(node, path, "id", "permission", "resourceRef") is not { } item)
        {
            return null;
        }

        var id = String(item["id"], [.. path, "id"]);
        object[] permissionPath = [.. path, "permission"];
        if (Object(item["permission"], permissionPath, "type", "name", "attributes", "resourceType") is not { } permission)
        {
            return null;
        }

        var name = String(permission["name"], [.. permissionPath, "name"]);
        var action = ReadAction(permission, permissionPath);
        switch (String(permission["type"], [.. permissionPath, "type"]))
        {
            case "basic":
                RefuseKey(permission, "resourceType", permissionPath);
                RefuseKey(item, "resourceRef", path);
                return new AuthorizeQuestion(id ?? "", new Permission(name ?? "", action), [], false);
            case "resource":
                var type = String(permission["resourceType"], [.. permissionPath, "resourceType"]);
                var refs = ReadRefs(item, [.. path, "resourceRef"]);
                return new AuthorizeQuestion(id ?? "", new Permission(name ?? "", action, type), refs, item["resourceRef"] is JsonArray);
            case { } other:
                Issue("invalid_union_discriminator", [.. permissionPath, "type"], $"Invalid discriminator value. Expected 'basic' | 'resource', received '{other}'");
                return null;
            default:
                return null;
        }
    }

    private string? ReadAction(JsonObject permission, object[] path)
    {
        if (Object(permission["attributes"], [.. path, "attributes"], "action") is not { } attributes || attributes["action"] is not { } action)
        {
            return null;
        }

        var value = String(action, [.. path, "attributes", "action"]);
        if (value is not null && !Actions.Contains(value))
        {
            Issue("invalid_enum_value", [.. path, "attributes", "action"], $"Invalid enum value. Expected {string.Join(" | ", Actions.Select(a => $"'{a}'"))}, received '{value}'");
        }

        return value;
    }

    private List<string> ReadRefs(JsonObject item, object[] path)
    {
        if (item["resourceRef"] is not { } node)
        {
            // A plain error in Backstage too, not an issue of the schema.
            throw new InputException(
                "Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed.");
        }

        if (node is not JsonArray array)
        {
            return String(node, path) is { } one ? [one] : [];
        }

        if (array.Count == 0)
        {
            Issue("too_small", path, "Array must contain at least 1 element(s)");
        }

        return [.. array.Select((value, i) => String(value, [.. path, i])).OfType<string>()];
    }

    private JsonObject? Object(JsonNode? node, object[] path, params string[] allowed)
    {
        if (node is not JsonObject found)
        {
            Issue("invalid_type", path, $"Expected object, received {KindOf(node)}");
            return null;
        }

        var unknown = found.Select(p => p.Key).Except(allowed).ToList();
        if (unknown.Count > 0)
        {
            Issue("unrecognized_keys", path, $"Unrecognized key(s) in object: {string.Join(", ", unknown.Select(k => $"'{k}'"))}; allowed: {string.Join(", ", allowed)}");
        }

        return found;
    }

    private JsonArray? Array(JsonNode? node, object[] path)
    {
        if (node is JsonArray array)
        {
            return array;
        }

        Issue("invalid_type", path, $"Expected array, received {KindOf(node)}");
        return null;
    }

    private string? String(JsonNode? node, object[] path)
    {
        if (node?.GetValueKind() == JsonValueKind.String)
        {
            return node.GetValue<string>();
        }

        Issue("invalid_type", path, $"Expected string, received {KindOf(node)}");
        return null;
    }

    private void RefuseKey(JsonObject found, string key, object[] path)
    {
        if (found.ContainsKey(key))
        {
            Issue("unrecognized_keys", path, $"Unrecognized key(s) in object: '{key}'; a basic permission has none");
        }
    }

    private void Issue(string code, object[] path, string message) => _issues.Add(new JsonObject
    {
        ["code"] = code,
        ["path"] = new JsonArray([.. path.Select(p => p is int index ? JsonValue.Create(index) : JsonValue.Create((string)p))]),
        ["message"] = message,
    });

    private static string KindOf(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "undefined",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        { } kind => kind.ToString().ToLowerInvariant(),
    };
}
