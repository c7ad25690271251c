using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Replaces <c>{ $text: ./file }</c>, <c>{ $json: … }</c> and <c>{ $yaml: … }</c> anywhere in <c>metadata</c> and <c>spec</c> by what the file
/// holds. Other keys that start with <c>$</c> are left alone.
/// </summary>
internal static class Placeholders
{
    private static readonly string[] Known = ["$text", "$json", "$yaml"];

    /// <exception cref="PlatformException">The file cannot be read, or does not hold what is expected.</exception>
    public static async Task ResolveAsync(JsonObject entity, Func<string, Task<string>> read, YamlLimits limits)
    {
        foreach (var branch in (string[])["metadata", "spec"])
        {
            if (entity[branch] is JsonObject node && Has(node))
            {
                await VisitAsync(node, branch, read, limits);
            }
        }
    }

    // Most entities have none: looking is much cheaper than visiting.
    private static bool Has(JsonNode? node) => node switch
    {
        JsonObject map => (map.Count == 1 && Known.Contains(map.First().Key)) || map.Any(pair => Has(pair.Value)),
        JsonArray list => list.Any(Has),
        _ => false,
    };

    private static async Task VisitAsync(JsonNode node, string path, Func<string, Task<string>> read, YamlLimits limits)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, child) in map.ToList())
            {
                if (await ReplaceAsync(child, $"{path}.{key}", read, limits) is var value && value != child)
                {
                    map[key] = value;
                }
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (await ReplaceAsync(list[i], $"{path}.{i}", read, limits) is var value && value != list[i])
                {
                    list[i] = value;
                }
            }
        }
    }

    private static async Task<JsonNode?> ReplaceAsync(JsonNode? node, string path, Func<string, Task<string>> read, YamlLimits limits)
    {
        if (node is JsonObject { Count: 1 } map && map.First() is var (key, value) && Known.Contains(key))
        {
            var file = EntityJson.Text(value) ?? throw InputException.For($"{path}.{key}", value?.ToJsonString(), "the path or URL of a file");
            return Parse(key, file, path, await read(file), limits);
        }

        if (node is JsonObject or JsonArray)
        {
            await VisitAsync(node, path, read, limits);
        }

        return node;
    }

    private static JsonNode? Parse(string key, string file, string path, string text, YamlLimits limits)
    {
        try
        {
            return key switch
            {
                "$text" => JsonValue.Create(text),
                "$json" => JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = limits.MaxDepth }),
                _ => YamlDocuments.Parse(text, limits) switch
                {
                    [{ Error: { } error, ErrorLine: var line }, ..] => throw new InputException($"\"{path}\": {file}:{line}: {error}"),
                    [var only] => only.Node,
                    var documents => throw new InputException($"\"{path}\": {file} must hold one YAML document; found {documents.Count}"),
                },
            };
        }
        catch (JsonException e)
        {
            throw new InputException($"\"{path}\": {file}:{e.LineNumber + 1}: {e.Message}", e);
        }
    }
}
