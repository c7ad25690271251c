using System.Text.Json.Nodes;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>JSON merge patch (RFC 7396) and JSON patch (RFC 6902).</summary>
internal static class Patches
{
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject existing ? (JsonObject)existing.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Merge(result[name], value);
            }
        }

        return result;
    }

    /// <exception cref="KubernetesException">An operation is malformed (400) or cannot be done (422).</exception>
    public static JsonNode Apply(JsonNode target, JsonArray operations)
    {
        var document = target.DeepClone();
        foreach (var operation in operations)
        {
            Apply(document, operation as JsonObject ?? throw KubernetesException.BadRequest("json patch: each operation is an object"));
        }

        return document;
    }

    private static void Apply(JsonNode document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (operation["op"]?.GetValue<string>())
        {
            case "add":
                Add(document, path, operation["value"]?.DeepClone());
                break;
            case "replace":
                Get(document, path);
                Remove(document, path);
                Add(document, path, operation["value"]?.DeepClone());
                break;
            case "remove":
                Remove(document, path);
                break;
            case "move":
                var moved = Get(document, Pointer(operation, "from"))?.DeepClone();
                Remove(document, Pointer(operation, "from"));
                Add(document, path, moved);
                break;
            case "copy":
                Add(document, path, Get(document, Pointer(operation, "from"))?.DeepClone());
                break;
            case "test":
                if (!JsonNode.DeepEquals(Get(document, path), operation["value"]))
                {
                    throw Impossible($"testing value {operation.ToJsonString()} failed: test failed");
                }

                break;
            case var other:
                throw KubernetesException.BadRequest($"json patch: unexpected kind of operation: '{other}'; allowed: add, replace, remove, move, copy, test");
        }
    }

    private static string[] Pointer(JsonObject operation, string name) =>
        operation[name]?.GetValue<string>() is { } pointer && pointer.StartsWith('/')
            ? [.. pointer[1..].Split('/').Select(p => p.Replace("~1", "/").Replace("~0", "~"))]
            : throw KubernetesException.BadRequest($"json patch: '{name}' is missing or no pointer below the document");

    private static JsonNode? Get(JsonNode document, ReadOnlySpan<string> path)
    {
        JsonNode? node = document;
        foreach (var name in path)
        {
            node = node switch
            {
                JsonObject value when value.ContainsKey(name) => value[name],
                JsonArray array when int.TryParse(name, out var index) && index >= 0 && index < array.Count => array[index],
                _ => throw Impossible($"the path '{name}' does not exist"),
            };
        }

        return node;
    }

    private static void Add(JsonNode document, string[] path, JsonNode? value)
    {
        switch (Get(document, path.AsSpan()[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                break;
            case JsonArray array when path[^1] == "-":
                array.Add(value);
                break;
            case JsonArray array when int.TryParse(path[^1], out var index) && index >= 0 && index <= array.Count:
                array.Insert(index, value);
                break;
            default:
                throw Impossible($"add operation does not apply: doc is missing path: \"/{string.Join('/', path)}\"");
        }
    }

    private static void Remove(JsonNode document, string[] path)
    {
        Get(document, path);
        switch (Get(document, path.AsSpan()[..^1]))
        {
            case JsonObject parent:
                parent.Remove(path[^1]);
                break;
            case JsonArray array:
                array.RemoveAt(int.Parse(path[^1]));
                break;
        }
    }

    private static KubernetesException Impossible(string why) => new(422, "Invalid", $"the server rejected our request due to an error in our request: {why}");
}
