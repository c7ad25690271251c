using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Web;

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
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly List<JsonObject> _issues = [];

    /// <exception cref="InputException">All that is wrong with it.</exception>
    public static IReadOnlyList<AuthorizeQuestion> Parse(JsonElement? body)
    {
        if (body is { } json)
        {
            JsonText.Check(json);
        }

        var reader = new AuthorizeRequest();
        var questions = reader.Read(body);
        return reader._issues.Count == 0 ? questions : throw new InputException(new JsonArray([.. reader._issues]).ToJsonString(Indented));
    }

    private List<AuthorizeQuestion> Read(JsonElement? body)
    {
        if (Object(body, default, "items") is not { } root || List(Member(root, "items"), new Place("items")) is not { } items)
        {
            return [];
        }

        if (items.GetArrayLength() > MaxItems)
        {
            Issue("too_big", new Place("items"), $"Array must contain at most {MaxItems} element(s)");
            return [];
        }

        var questions = new List<AuthorizeQuestion>(items.GetArrayLength());
        foreach (var item in items.EnumerateArray())
        {
            if (ReadItem(item, new Place("", questions.Count)) is { } question)
            {
                questions.Add(question);
            }
        }

        return questions;
    }

    private AuthorizeQuestion? ReadItem(JsonElement node, Place place)
    {
        if (Object(node, place, "id", "permission", "resourceRef") is not { } item)
        {
            return null;
        }

        var id = Text(Member(item, "id"), place with { Field = "id" });
        if (Object(Member(item, "permission"), place with { Field = "permission" }, "type", "name", "attributes", "resourceType") is not { } permission)
        {
            return null;
        }

        var name = Text(Member(permission, "name"), place with { Field = "permission.name" });
        var action = ReadAction(permission, place);
        var resourceRef = Member(item, "resourceRef");
        switch (Text(Member(permission, "type"), place with { Field = "permission.type" }))
        {
            case "basic":
                RefuseKey(permission, "resourceType", place with { Field = "permission" });
                RefuseKey(item, "resourceRef", place);
                return new AuthorizeQuestion(id ?? "", new Permission(name ?? "", action), [], false);
            case "resource":
                var type = Text(Member(permission, "resourceType"), place with { Field = "permission.resourceType" });
                return new AuthorizeQuestion(
                    id ?? "", new Permission(name ?? "", action, type), ReadRefs(resourceRef, place with { Field = "resourceRef" }), resourceRef?.ValueKind == JsonValueKind.Array);
            case { } other:
                Issue("invalid_union_discriminator", place with { Field = "permission.type" }, $"Invalid discriminator value. Expected 'basic' | 'resource', received '{other}'");
                return null;
            default:
                return null;
        }
    }

    private string? ReadAction(JsonElement permission, Place place)
    {
        if (Object(Member(permission, "attributes"), place with { Field = "permission.attributes" }, "action") is not { } attributes
            || Member(attributes, "action") is not { ValueKind: not JsonValueKind.Null } action)
        {
            return null;
        }

        if (Array.Find(Actions, known => action.ValueKind == JsonValueKind.String && action.ValueEquals(known)) is { } one)
        {
            return one;
        }

        place = place with { Field = "permission.attributes.action" };
        if (Text(action, place) is { } value)
        {
            Issue("invalid_enum_value", place, $"Invalid enum value. Expected {string.Join(" | ", Actions.Select(a => $"'{a}'"))}, received '{value}'");
        }

        return null;
    }

    private List<string> ReadRefs(JsonElement? node, Place place)
    {
        if (node is not { ValueKind: not JsonValueKind.Null } refs)
        {
            // A plain error in Backstage too, not an issue of the schema.
            throw new InputException(
                "Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed.");
        }

        if (refs.ValueKind != JsonValueKind.Array)
        {
            return Text(refs, place) is { } one ? [one] : [];
        }

        if (refs.GetArrayLength() == 0)
        {
            Issue("too_small", place, "Array must contain at least 1 element(s)");
        }

        return [.. refs.EnumerateArray().Select((value, i) => Text(value, place with { Index = i })).OfType<string>()];
    }

    private JsonElement? Object(JsonElement? node, Place place, params ReadOnlySpan<string> allowed)
    {
        if (node is not { ValueKind: JsonValueKind.Object } found)
        {
            Issue("invalid_type", place, $"Expected object, received {KindOf(node)}");
            return null;
        }

        List<string>? unknown = null;
        foreach (var member in found.EnumerateObject())
        {
            if (!IsAmong(member, allowed))
            {
                (unknown ??= []).Add(member.Name);
            }
        }

        if (unknown is not null)
        {
            Issue("unrecognized_keys", place, $"Unrecognized key(s) in object: {string.Join(", ", unknown.Select(k => $"'{k}'"))}; allowed: {string.Join(", ", allowed)}");
        }

        return found;
    }

    private static bool IsAmong(JsonProperty member, ReadOnlySpan<string> allowed)
    {
        foreach (var name in allowed)
        {
            if (member.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    private JsonElement? List(JsonElement? node, Place place)
    {
        if (node is { ValueKind: JsonValueKind.Array } list)
        {
            return list;
        }

        Issue("invalid_type", place, $"Expected array, received {KindOf(node)}");
        return null;
    }

    private string? Text(JsonElement? node, Place place)
    {
        if (node is { ValueKind: JsonValueKind.String } text)
        {
            return text.GetString();
        }

        Issue("invalid_type", place, $"Expected string, received {KindOf(node)}");
        return null;
    }

    private void RefuseKey(JsonElement found, string key, Place place)
    {
        if (Member(found, key) is not null)
        {
            Issue("unrecognized_keys", place, $"Unrecognized key(s) in object: '{key}'; a basic permission has none");
        }
    }

    private void Issue(string code, Place place, string message) =>
        _issues.Add(new JsonObject { ["code"] = code, ["path"] = place.ToPath(), ["message"] = message });

    private static JsonElement? Member(JsonElement found, string name) => found.TryGetProperty(name, out var value) ? value : null;

    private static string KindOf(JsonElement? node) => node?.ValueKind switch
    {
        null => "undefined",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        { } kind => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Where something is, as a path only once it is needed.</summary>
    /// <param name="Field">Within the item, or of the body where there is no item; dotted.</param>
    /// <param name="Item">Which item, if any.</param>
    /// <param name="Index">Which of a list, if it is one.</param>
    private readonly record struct Place(string Field, int? Item = null, int? Index = null)
    {
        public JsonArray ToPath()
        {
            JsonArray path = Item is { } item ? ["items", item] : [];
            foreach (var part in (Field ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries))
            {
                path.Add((JsonNode)part);
            }

            if (Index is { } index)
            {
                path.Add((JsonNode)index);
            }

            return path;
        }
    }
}
