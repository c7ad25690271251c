using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// A task's outputs: rendered, without links and texts whose condition is false, and without links that are scripts, of which Backstage's page
/// shows nothing but an error.
/// </summary>
internal static class TaskOutput
{
    private static readonly string[] ScriptSchemes = ["javascript:", "vbscript:", "data:"];

    public static JsonObject Render(JsonObject template, StepExpressions expressions)
    {
        var output = expressions.Render(template) as JsonObject ?? [];
        foreach (var list in new[] { "links", "text" })
        {
            if (output[list] is JsonArray items && template[list] is JsonArray templates)
            {
                output[list] = new JsonArray([.. items.Where((item, i) => IsShown(item, i < templates.Count ? templates[i] : null) && !IsScript(item)).Select(WithoutIf)]);
            }
        }

        return output;
    }

    // A condition that renders to nothing at all keeps its item; any other false value drops it.
    private static bool IsShown(JsonNode? item, JsonNode? template) =>
        template?["if"] is null || item is not JsonObject o || !o.TryGetPropertyValue("if", out var condition) || StepExpressions.IsTruthy(condition);

    // As browsers read addresses: without regard to case, spaces and control characters.
    private static bool IsScript(JsonNode? item)
    {
        var url = string.Concat(((item as JsonObject)?["url"]?.ToString() ?? "").Where(c => c > ' '));
        return ScriptSchemes.Any(scheme => url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }

    private static JsonNode? WithoutIf(JsonNode? item)
    {
        var copy = item?.DeepClone();
        (copy as JsonObject)?.Remove("if");
        return copy;
    }
}
