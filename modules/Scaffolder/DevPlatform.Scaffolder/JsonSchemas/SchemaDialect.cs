using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.JsonSchemas;

/// <summary>
/// Rewrites the parts of JSON Schema draft 7 that NJsonSchema does not evaluate (<c>const</c>, <c>if/then/else</c>, <c>dependencies</c>) into
/// ones that it does, and refuses references out of the document: reading those would be a request to an address a template chose.
/// </summary>
internal static class SchemaDialect
{
    /// <summary>Marks an <c>anyOf</c> that stands for a condition: its last branch is what the author asked for.</summary>
    public const string ConditionMarker = "x-condition";

    private const int MaxDepth = 64;

    public static JsonObject Normalize(JsonObject schema) => Rewrite(schema, 0);

    private static JsonObject Rewrite(JsonObject schema, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InputException($"The schema is nested deeper than {MaxDepth} levels");
        }

        var result = new JsonObject();
        var conditions = new JsonArray();
        foreach (var (key, value) in schema)
        {
            switch (key)
            {
                case "$ref" when value is JsonValue reference && !reference.ToString().StartsWith('#'):
                    throw InputException.For("$ref", reference.ToString(), "references inside the document (#/…)");
                case "const":
                    result["enum"] = new JsonArray(value?.DeepClone());
                    break;
                case "if" when value is JsonObject test:
                    AddBranch(conditions, Not(test, depth), schema["then"], depth);
                    AddBranch(conditions, Rewrite(test, depth + 1), schema["else"], depth);
                    break;
                case "then" or "else":
                    break;
                case "dependencies" when value is JsonObject dependencies:
                    AddDependencies(conditions, dependencies, depth);
                    break;
                case "examples" or "default" or "enum":
                    result[key] = value?.DeepClone();
                    break;
                case "required" when value is not JsonArray:
                    break; // draft 3's boolean; Backstage's validator ignores it on an object too
                default:
                    if (!key.StartsWith("ui:", StringComparison.Ordinal))
                    {
                        result[key] = RewriteNode(value, depth);
                    }

                    break;
            }
        }

        if (conditions.Count > 0)
        {
            var all = result["allOf"] as JsonArray ?? [];
            result["allOf"] = new JsonArray([.. all.Select(n => n?.DeepClone()), .. conditions.Select(n => n?.DeepClone())]);
        }

        return result;
    }

    private static JsonNode? RewriteNode(JsonNode? node, int depth) => node switch
    {
        JsonObject o => Rewrite(o, depth + 1),
        JsonArray a => new JsonArray([.. a.Select(n => RewriteNode(n, depth + 1))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Not(JsonObject test, int depth) => new() { ["not"] = Rewrite(test, depth + 1) };

    private static void AddBranch(JsonArray conditions, JsonObject unless, JsonNode? then, int depth)
    {
        if (then is JsonObject branch)
        {
            conditions.Add(new JsonObject { [ConditionMarker] = true, ["anyOf"] = new JsonArray(unless, Rewrite(branch, depth + 1)) });
        }
    }

    private static void AddDependencies(JsonArray conditions, JsonObject dependencies, int depth)
    {
        foreach (var (property, dependency) in dependencies)
        {
            var present = new JsonObject { ["required"] = new JsonArray(property) };
            JsonObject? then = dependency switch
            {
                JsonArray names => new JsonObject { ["required"] = names.DeepClone() },
                JsonObject nested => nested,
                _ => null,
            };
            AddBranch(conditions, new JsonObject { ["not"] = present }, then, depth);
        }
    }
}
