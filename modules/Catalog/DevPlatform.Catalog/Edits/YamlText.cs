using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Edits;

/// <summary>Writes JSON as the YAML that people write.</summary>
internal static partial class YamlText
{
    /// <summary>A field of a block mapping.</summary>
    public static IEnumerable<string> Lines(string key, JsonNode? value, int indent)
    {
        var start = $"{new string(' ', indent)}{Scalar(key)}:";
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                yield return start;
                foreach (var line in map.SelectMany(pair => Lines(pair.Key, pair.Value, indent + 2)))
                {
                    yield return line;
                }

                break;
            case JsonArray { Count: > 0 } list:
                yield return start;
                foreach (var item in list)
                {
                    yield return $"{new string(' ', indent + 2)}- {Inline(item)}";
                }

                break;
            default:
                yield return $"{start} {Inline(value)}";
                break;
        }
    }

    // YAML takes JSON as it is.
    private static string Inline(JsonNode? value) => EntityJson.Text(value) is { } text ? Scalar(text) : value is null ? "null" : EntityJson.Write(value);

    private static string Scalar(string text) => IsPlain(text) ? text : JsonSerializer.Serialize(text);

    // A word that YAML would read as something else (true, 1.5) is quoted.
    private static bool IsPlain(string text) => Plain().IsMatch(text)
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && YamlDocuments.Parse($"v: {text}\n", new YamlLimits()) is [{ Error: null, Node: JsonObject { Count: 1 } read }] && EntityJson.Text(read["v"]) == text;

    [GeneratedRegex(@"^[\p{L}\p{N}_./][\p{L}\p{N} _./:@+()\-]*\z", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
