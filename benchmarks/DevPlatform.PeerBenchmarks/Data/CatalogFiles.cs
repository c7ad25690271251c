using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.PeerBenchmarks.Data;

/// <summary>Writes entities as YAML files of 100 documents, and Locations that lead to 100 files each: who registers one waits until it is read.</summary>
internal static class CatalogFiles
{
    private const int PerFile = 100;
    private const int PerLocation = 100;
    private static readonly JsonSerializerOptions Scalars = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The names of the Locations' files, which are to be registered.</returns>
    public static IReadOnlyList<string> Write(string directory, IReadOnlyList<JsonObject> entities)
    {
        Directory.CreateDirectory(directory);
        var files = entities.Chunk(PerFile).Select((file, i) =>
        {
            var name = $"entities-{i:0000}.yaml";
            File.WriteAllText(Path.Combine(directory, name), string.Concat(file.Select(ToYaml)));
            return $"./{name}";
        }).ToList();
        return [.. files.Chunk(PerLocation).Select((targets, i) =>
        {
            var name = $"all-{i:00}";
            File.WriteAllText(Path.Combine(directory, $"{name}.yaml"), ToYaml(new JsonObject
            {
                ["apiVersion"] = "backstage.io/v1alpha1",
                ["kind"] = "Location",
                ["metadata"] = new JsonObject { ["name"] = name },
                ["spec"] = new JsonObject { ["type"] = "url", ["targets"] = new JsonArray([.. targets.Select(target => (JsonNode)target)]) },
            }));
            return $"{name}.yaml";
        })];
    }

    private static string ToYaml(JsonObject entity)
    {
        var text = new StringBuilder("---\n");
        Append(text, entity, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', indent).Append(key.All(char.IsLetter) ? key : Scalar(key)).Append(':');
            switch (value)
            {
                case JsonObject { Count: > 0 } child:
                    Append(text.Append('\n'), child, indent + 2);
                    break;
                case JsonArray { Count: > 0 } list:
                    text.Append('\n');
                    foreach (var item in list)
                    {
                        text.Append(' ', indent + 2).Append("- ").Append(Scalar(item)).Append('\n');
                    }

                    break;
                case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String && scalar.GetValue<string>().Contains('\n', StringComparison.Ordinal):
                    text.Append(" |\n");
                    foreach (var line in scalar.GetValue<string>().TrimEnd('\n').Split('\n'))
                    {
                        text.Append(' ', indent + 2).Append(line).Append('\n');
                    }

                    break;
                default:
                    text.Append(' ').Append(Scalar(value)).Append('\n');
                    break;
            }
        }
    }

    // JSON's scalars, and its empty collections, are YAML's too.
    private static string Scalar(JsonNode? value) => value?.ToJsonString(Scalars) ?? "null";
}
