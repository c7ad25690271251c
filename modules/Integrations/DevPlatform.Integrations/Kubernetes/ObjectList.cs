using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>A list of objects as read from a cluster.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Items">The objects, without what no page shows.</param>
/// <param name="Bytes">How large the list was.</param>
/// <param name="Problem">Why there is no list, in words; null when there is.</param>
/// <param name="Error">What the page says of it; it may say something of a list that is there.</param>
/// <param name="IsAbsent">Whether the cluster does not have the kind, which is no problem.</param>
internal sealed record ObjectList(ObjectKind Kind, JsonArray Items, long Bytes, string? Problem, FetchError? Error, bool IsAbsent = false)
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    public static ObjectList Absent(ObjectKind kind) => new(kind, [], 0, null, null, IsAbsent: true);

    public static ObjectList Failed(ObjectKind kind, string problem, FetchError error) => new(kind, [], 0, problem, error);

    /// <summary>Reads a cluster's answer, which may be anything.</summary>
    public static ObjectList Read(ObjectKind kind, byte[] body, int maxObjects)
    {
        const string Malformed = "the cluster answers with something that is no list of objects";
        try
        {
            var list = JsonNode.Parse(body) as JsonObject;
            if (list?["items"] is not JsonArray items || !items.All(IsObject))
            {
                return Failed(kind, Malformed, FetchError.Of($"{kind}: {Malformed}"));
            }

            var itemKind = list["kind"]?.ToString() is { } name && name.EndsWith("List", StringComparison.Ordinal) ? name[..^4] : null;
            foreach (var item in items)
            {
                Trim(kind, item!.AsObject(), itemKind);
            }

            var more = list["metadata"] is JsonObject metadata && metadata["continue"]?.ToString() is { Length: > 0 };
            return new ObjectList(kind, items, body.Length, null, more ? FetchError.Of($"{kind}: only the first {maxObjects} are shown") : null);
        }
        // ArgumentException: a member twice.
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return Failed(kind, Malformed, FetchError.Of($"{kind}: {Malformed}"));
        }
    }

    private static bool IsObject(JsonNode? item) => item is JsonObject && item["metadata"] is JsonObject metadata && metadata["name"] is JsonValue;

    private static void Trim(ObjectKind kind, JsonObject item, string? itemKind)
    {
        var metadata = item["metadata"]!.AsObject();
        metadata.Remove("managedFields");
        (metadata["annotations"] as JsonObject)?.Remove(LastApplied);
        if (kind.Type == ObjectKind.CustomResources && itemKind is not null)
        {
            item["kind"] = itemKind;
        }

        if (kind.Type == "configmaps")
        {
            // Which keys there are is shown; values may be anything, credentials included.
            foreach (var values in new[] { item["data"], item["binaryData"] }.OfType<JsonObject>())
            {
                foreach (var key in values.Select(value => value.Key).ToList())
                {
                    values[key] = "***";
                }
            }
        }
    }
}
