using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Web;

/// <summary>Cuts entities down to the fields asked for. Keys that hold dots are found too: the longest key that exists wins.</summary>
internal sealed class EntityProjection
{
    private readonly IReadOnlyList<string> _fields;

    private EntityProjection(IReadOnlyList<string> fields) => _fields = fields;

    /// <returns>Null where no fields are named: the entity is served whole.</returns>
    /// <exception cref="InputException">A field addresses an item of an array.</exception>
    public static EntityProjection? Parse(IReadOnlyList<string>? fields)
    {
        if (fields is null or { Count: 0 })
        {
            return null;
        }

        return fields.FirstOrDefault(field => field.Contains('[', StringComparison.Ordinal)) is { } array
            ? throw new InputException($"invalid field \"{array}\", array type fields are not supported")
            : new EntityProjection(fields);
    }

    public byte[] Apply(byte[] entity)
    {
        var source = JsonNode.Parse(entity)!.AsObject();
        var result = new JsonObject();
        foreach (var field in _fields)
        {
            if (Find(source, field) is { } path)
            {
                Copy(source, result, path);
            }
        }

        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(result, EntityJson.Options);
    }

    private static List<string>? Find(JsonObject node, string path)
    {
        if (node.ContainsKey(path))
        {
            return [path];
        }

        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (node.TryGetPropertyValue(path[..dot], out var child) && child is JsonObject branch && Find(branch, path[(dot + 1)..]) is { } rest)
            {
                return [path[..dot], .. rest];
            }
        }

        return null;
    }

    private static void Copy(JsonObject source, JsonObject target, List<string> path)
    {
        foreach (var key in path[..^1])
        {
            source = (JsonObject)source[key]!;
            if (!target.TryGetPropertyValue(key, out var child))
            {
                target[key] = child = new JsonObject();
            }

            target = (JsonObject)child!;
        }

        target[path[^1]] = source[path[^1]]?.DeepClone();
    }
}
