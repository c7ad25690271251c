using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.DryRun;

/// <summary>What later steps of a dry run see of a step that was skipped: an example made from the action's output schema, as Backstage makes it.</summary>
internal static class ExampleOutput
{
    public static JsonObject Of(JsonObject schema) => Make(schema) as JsonObject ?? [];

    private static JsonNode? Make(JsonObject schema)
    {
        if (schema["examples"] is JsonArray { Count: > 0 } examples)
        {
            return examples[0]?.DeepClone();
        }

        return schema["type"]?.GetValueKind() == JsonValueKind.String ? schema["type"]!.ToString() switch
        {
            "object" => new JsonObject((schema["properties"] as JsonObject ?? [])
                .Select(p => KeyValuePair.Create(p.Key, p.Value is JsonObject property ? Make(property) : null))),
            "array" => schema["items"] is JsonObject items && Make(items) is { } item ? new JsonArray(item) : new JsonArray(),
            "string" => "<example>",
            "number" or "integer" => 0,
            "boolean" => false,
            _ => "<unknown>",
        } : "<unknown>";
    }
}
