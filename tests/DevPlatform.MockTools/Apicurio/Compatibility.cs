using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Apicurio;

/// <summary>
/// Whether readers of one version can read what writers of another wrote, for records of Avro and objects of JSON Schema: fields that come without a
/// default, go while they are needed, or change their type.
/// </summary>
internal static class Compatibility
{
    private static readonly HashSet<string> AvroTypes =
        new(StringComparer.Ordinal) { "null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map", "fixed" };

    // What Avro reads as what, without a conversion by hand.
    private static readonly HashSet<(string, string)> Promotions =
        [("int", "long"), ("int", "float"), ("int", "double"), ("long", "float"), ("long", "double"), ("float", "double"), ("string", "bytes"), ("bytes", "string")];

    /// <summary>Why the text is no schema of the type; null when it is one.</summary>
    public static string? Problem(string type, string content)
    {
        if (type is not ("AVRO" or "JSON"))
        {
            return type == "PROTOBUF" ? null : $"Unknown artifact type {type}";
        }

        try
        {
            var schema = JsonNode.Parse(content);
            return type == "AVRO" ? AvroProblem(schema, [])
                : schema is not JsonObject ? "A JSON schema is an object"
                : schema["type"] is { } kind && kind.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Array) ? "\"type\" is not a string or an array" : null;
        }
        catch (JsonException error)
        {
            return $"Syntax or semantic violation: {error.Message}";
        }
    }

    /// <param name="type">AVRO or JSON.</param>
    /// <param name="rule">BACKWARD: new readers, old data. FORWARD: old readers, new data. FULL: both.</param>
    /// <param name="before">The last version.</param>
    /// <param name="after">The version to be.</param>
    public static IReadOnlyList<(string Description, string Context)> Differences(string type, string rule, string before, string after)
    {
        if (type is not ("AVRO" or "JSON"))
        {
            return [];
        }

        var (old, @new) = (JsonNode.Parse(before), JsonNode.Parse(after));
        var found = new List<(string, string)>();
        if (rule.StartsWith("BACKWARD", StringComparison.Ordinal) || rule.StartsWith("FULL", StringComparison.Ordinal))
        {
            Compare(type, old, @new, found);
        }

        if (rule.StartsWith("FORWARD", StringComparison.Ordinal) || rule.StartsWith("FULL", StringComparison.Ordinal))
        {
            Compare(type, @new, old, found);
        }

        return found;
    }

    private static void Compare(string type, JsonNode? writer, JsonNode? reader, List<(string Description, string Context)> found)
    {
        if (type == "AVRO")
        {
            CompareAvro(writer, reader, "", found);
        }
        else
        {
            CompareJson(writer, reader, "", found);
        }
    }

    private static void CompareAvro(JsonNode? writer, JsonNode? reader, string path, List<(string Description, string Context)> found)
    {
        if (writer is JsonArray writes)
        {
            foreach (var branch in writes)
            {
                CompareAvro(branch, reader, path, found);
            }

            return;
        }

        if (reader is JsonArray reads)
        {
            if (!reads.Any(branch => { var inner = new List<(string, string)>(); CompareAvro(writer, branch, path, inner); return inner.Count == 0; }))
            {
                found.Add(($"reader union lacking writer type: {Name(writer).ToUpperInvariant()}", path.Length == 0 ? "/" : path));
            }

            return;
        }

        var (from, to) = (Name(writer), Name(reader));
        if (from != to && !Promotions.Contains((from, to)))
        {
            found.Add(($"reader type: {to.ToUpperInvariant()} not compatible with writer type: {from.ToUpperInvariant()}", path.Length == 0 ? "/" : path));
            return;
        }

        if (from == "record")
        {
            var written = writer.Objects("fields").ToDictionary(f => f.Text("name")!);
            foreach (var (field, index) in reader.Objects("fields").Select((f, i) => (f, i)))
            {
                if (written.TryGetValue(field.Text("name")!, out var match))
                {
                    CompareAvro(match["type"], field["type"], $"{path}/fields/{index}/type", found);
                }
                else if (!field.ContainsKey("default"))
                {
                    found.Add(($"reader field '{field.Text("name")}' has no default value and is missing in the writer", $"{path}/fields/{index}"));
                }
            }
        }
    }

    private static void CompareJson(JsonNode? writer, JsonNode? reader, string path, List<(string Description, string Context)> found)
    {
        if (writer.Text("type") is { } from && reader.Text("type") is { } to && from != to && !(from == "integer" && to == "number"))
        {
            found.Add(($"type {from} becomes {to}", path.Length == 0 ? "/" : path));
            return;
        }

        var needed = (writer.At("required") as JsonArray ?? []).Select(r => r!.ToString()).ToHashSet();
        foreach (var required in (reader.At("required") as JsonArray ?? []).Select(r => r!.ToString()).Where(r => !needed.Contains(r)))
        {
            found.Add(($"property '{required}' is required, and what was written before may lack it", $"{path}/required"));
        }

        foreach (var (name, property) in writer.At("properties") as JsonObject ?? [])
        {
            if (reader.At("properties", name) is { } same)
            {
                CompareJson(property, same, $"{path}/properties/{name}", found);
            }
        }
    }

    private static string? AvroProblem(JsonNode? schema, HashSet<string> names)
    {
        switch (schema)
        {
            case JsonArray union:
                return union.Select(branch => AvroProblem(branch, names)).FirstOrDefault(p => p is not null);
            case JsonValue name:
                return AvroTypes.Contains(name.ToString()) || names.Contains(name.ToString()) ? null : $"\"{name}\" is not a defined name";
            case JsonObject type when type["type"] is JsonObject or JsonArray:
                return AvroProblem(type["type"], names);
            case JsonObject type when !AvroTypes.Contains(type.Text("type") ?? "") && !names.Contains(type.Text("type") ?? ""):
                return $"No type: {type.ToJsonString()}";
            case JsonObject type:
                if (type.Text("type") is "record" or "enum" or "fixed")
                {
                    if (type.Text("name") is not { } own)
                    {
                        return $"No name in schema: {type.ToJsonString()}";
                    }

                    names.Add(own);
                    names.Add($"{type.Text("namespace")}.{own}");
                }

                return type.Text("type") switch
                {
                    "record" when type["fields"] is not JsonArray => "Record has no fields",
                    "record" => type.Objects("fields").Select(f => f.Text("name") is null ? "No field name" : AvroProblem(f["type"], names)).FirstOrDefault(p => p is not null),
                    "array" => AvroProblem(type["items"], names),
                    "map" => AvroProblem(type["values"], names),
                    _ => null,
                };
            default:
                return "No type: null";
        }
    }

    private static string Name(JsonNode? schema) => schema switch
    {
        JsonObject { } type when type["type"] is JsonValue value => value.ToString(),
        JsonObject type => Name(type["type"]),
        JsonValue value => value.ToString(),
        _ => "null",
    };
}
