using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>A task's outputs: rendered, without links and texts whose condition is false.</summary>
internal static class TaskOutput
{
    public static JsonObject Render(JsonObject template, StepExpressions expressions)
    {
        var output = expressions.Render(template) as JsonObject ?? [];
        foreach (var list in new[] { "links", "text" })
        {
            if (output[list] is JsonArray items && template[list] is JsonArray templates)
            {
                output[list] = new JsonArray([.. items.Where((item, i) => IsShown(item, i < templates.Count ? templates[i] : null)).Select(WithoutIf)]);
            }
        }

        return output;
    }

    // A condition that renders to nothing at all keeps its item; any other false value drops it.
    private static bool IsShown(JsonNode? item, JsonNode? template) =>
        template?["if"] is null || item is not JsonObject o || !o.TryGetPropertyValue("if", out var condition) || StepExpressions.IsTruthy(condition);

    private static JsonNode? WithoutIf(JsonNode? item)
    {
        var copy = item?.DeepClone();
        (copy as JsonObject)?.Remove("if");
        return copy;
    }
}
