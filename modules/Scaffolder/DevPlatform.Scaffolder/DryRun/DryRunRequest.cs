using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions.Fetch;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templates;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.DryRun;

/// <summary>The body of a dry run, checked: the template comes from the caller, not from the catalog.</summary>
internal sealed record DryRunRequest(Template Template, JsonObject Values, JsonObject Secrets, IReadOnlyList<FetchedFile> Files)
{
    /// <summary>Every dry run is this template, whatever the caller calls it.</summary>
    public const string TemplateRef = "template:default/dry-run";

    /// <exception cref="InputException">Says which member is missing or wrong.</exception>
    public static DryRunRequest Read(JsonObject body)
    {
        var template = body["template"] as JsonObject ?? throw InputException.For("template", body["template"]?.ToJsonString(), "a Template entity");
        var values = body["values"] as JsonObject ?? throw InputException.For("values", body["values"]?.ToJsonString(), "an object");
        var files = body["directoryContents"] as JsonArray
            ?? throw InputException.For("directoryContents", body["directoryContents"]?.ToJsonString(), "a list of { path, base64Content }");
        CheckTemplate(template);
        return new DryRunRequest(
            Template.Parse(TemplateRef, template.ToJsonString(), []), values, TaskInput.ReadSecrets(body["secrets"]), [.. files.Select(ReadFile)]);
    }

    private static void CheckTemplate(JsonObject template)
    {
        Require(template["metadata"] is JsonObject metadata && IsText(metadata["name"]), "template.metadata.name", "a name");
        var spec = template["spec"] as JsonObject ?? throw InputException.For("template.spec", null, "an object");
        Require(IsText(spec["type"]), "template.spec.type", "a text, such as service");
        var steps = spec["steps"] as JsonArray ?? throw InputException.For("template.spec.steps", null, "a list of steps");
        for (var i = 0; i < steps.Count; i++)
        {
            Require(steps[i] is JsonObject step && IsText(step["action"]), $"template.spec.steps[{i}].action", "the id of an action");
        }

        Require(
            spec["parameters"] is null or JsonObject || (spec["parameters"] is JsonArray pages && pages.All(p => p is JsonObject)),
            "template.spec.parameters", "a JSON Schema, or a list of them");
        foreach (var (key, value) in spec["output"] as JsonObject ?? [])
        {
            Require(IsText(value) || (key is "links" or "text" && value is JsonArray), $"template.spec.output.{key}", key is "links" or "text" ? "a list" : "a text");
        }
    }

    private static FetchedFile ReadFile(JsonNode? file, int index)
    {
        var path = IsText(file is JsonObject ? file["path"] : null) ? file!["path"]!.ToString() : throw InputException.For($"directoryContents[{index}].path", null, "a path");
        try
        {
            return new FetchedFile(
                path, Convert.FromBase64String(IsText(file["base64Content"]) ? file["base64Content"]!.ToString() : throw new FormatException()), Executable: false);
        }
        catch (FormatException)
        {
            throw InputException.For($"directoryContents[{index}].base64Content", "something else", "base64");
        }
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static void Require(bool holds, string field, string allowed)
    {
        if (!holds)
        {
            throw new InputException($"Input template is not a template: \"{field}\" must be {allowed}");
        }
    }
}
