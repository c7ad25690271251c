using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Actions;

/// <summary>Writes the JSON Schemas of actions in few words.</summary>
internal static class Schema
{
    public static JsonObject Empty => Object([]);

    public static JsonObject Text(string description) => Of("string", description);

    public static JsonObject Flag(string description) => Of("boolean", description);

    public static JsonObject Number(string description) => Of("number", description);

    public static JsonObject Map(string description) => new() { ["type"] = "object", ["description"] = description, ["additionalProperties"] = new JsonObject() };

    public static JsonObject List(JsonObject items, string description) => new() { ["type"] = "array", ["description"] = description, ["items"] = items };

    public static JsonObject Object((string Name, JsonObject Schema)[] properties, params string[] required)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Schema))),
            ["additionalProperties"] = false,
        };
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        }

        return schema;
    }

    private static JsonObject Of(string type, string description) => new() { ["type"] = type, ["description"] = description };
}
