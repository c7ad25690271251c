using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templates;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>One step of a task, as stored.</summary>
internal sealed record StepSpec(string Id, string Name, string Action, JsonNode? Input, JsonNode? If, JsonNode? Each);

/// <summary>What a task runs: Backstage's stored task spec. Complete, so that later changes of the template do not reach running tasks.</summary>
internal sealed class TaskSpec
{
    private TaskSpec(JsonObject json)
    {
        Json = json;
        Steps = [.. (json["steps"] as JsonArray ?? []).OfType<JsonObject>().Select(s => new StepSpec(
            s["id"]!.ToString(), s["name"]!.ToString(), s["action"]?.ToString() ?? "", s["input"], s["if"], s["each"]))];
    }

    public JsonObject Json { get; }

    public IReadOnlyList<StepSpec> Steps { get; }

    /// <summary>Whose log has what is said before any step runs: Backstage's task page shows no line that belongs to no step.</summary>
    public string? FirstStepId => Steps.Count > 0 ? Steps[0].Id : null;

    public JsonObject Parameters => Json["parameters"] as JsonObject ?? [];

    public JsonObject Output => Json["output"] as JsonObject ?? [];

    public string TemplateRef => Json["templateInfo"]!["entityRef"]!.ToString();

    public string? BaseUrl => Json["templateInfo"]?["baseUrl"]?.ToString();

    public JsonObject User => Json["user"] as JsonObject ?? [];

    public static TaskSpec Parse(string json) => new((JsonObject)JsonNode.Parse(json)!);

    public static TaskSpec Create(Template template, IEnumerable<JsonObject> steps, JsonObject values, string userRef, JsonObject? userEntity)
    {
        var user = new JsonObject { ["ref"] = userRef };
        if (userEntity is not null)
        {
            user["entity"] = userEntity.DeepClone();
        }

        var templateInfo = new JsonObject { ["entityRef"] = template.EntityRef, ["entity"] = new JsonObject { ["metadata"] = template.Metadata.DeepClone() } };
        if (template.BaseUrl is { } baseUrl)
        {
            templateInfo["baseUrl"] = baseUrl;
        }

        var json = new JsonObject
        {
            ["apiVersion"] = Template.ApiVersion,
            ["steps"] = new JsonArray([.. steps.Select(Step)]),
            ["output"] = template.Spec["output"]?.DeepClone() ?? new JsonObject(),
            ["parameters"] = values.DeepClone(),
            ["user"] = user,
            ["templateInfo"] = templateInfo,
        };
        if (template.Spec["EXPERIMENTAL_recovery"] is { } recovery)
        {
            json["EXPERIMENTAL_recovery"] = recovery.DeepClone();
        }

        return new TaskSpec(json);
    }

    public string? TemplateAnnotation(string name) => Json["templateInfo"]?["entity"]?["metadata"]?["annotations"]?[name]?.ToString();

    private static JsonObject Step(JsonObject step, int index)
    {
        var stored = (JsonObject)step.DeepClone();
        stored["id"] ??= $"step-{index + 1}";
        stored["name"] ??= stored["action"]?.DeepClone();
        return stored;
    }
}
