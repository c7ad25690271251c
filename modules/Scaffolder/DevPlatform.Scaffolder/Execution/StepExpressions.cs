using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>What step inputs, conditions and outputs see, and how they are rendered (Backstage's rules).</summary>
internal sealed partial class StepExpressions(Guid taskId, TaskSpec spec, TaskSecrets secrets)
{
    private static readonly TemplatedJson Renderer = new(new TemplateOptions { Filters = BackstageFilters.All });
    private readonly JsonObject _steps = [];

    /// <summary>Whether a step has failed: changes what conditions mean.</summary>
    public bool Failed { get; set; }

    public void SetOutput(string stepId, JsonObject output) => _steps[stepId] = new JsonObject { ["output"] = output.DeepClone() };

    public JsonNode? Render(JsonNode? template, JsonObject? each = null) => Renderer.Render(template, new TemplateContext(Context(each)));

    /// <summary>
    /// Whether a step's condition holds. After a failure only conditions that say <c>always()</c> or <c>failure()</c> can.
    /// </summary>
    public bool Holds(JsonNode? condition, JsonObject? each = null)
    {
        if (condition is null)
        {
            return !Failed;
        }

        if (condition is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return !Failed && IsTruthy(condition);
        }

        var text = value.ToString();
        if (Failed && !StatusFunction().IsMatch(text))
        {
            return false;
        }

        // The two functions are constants at this point of the run.
        var known = StatusFunction().Replace(text, m => m.Groups["name"].Value == "always" || Failed ? "true" : "false");
        return IsTruthy(Render(JsonValue.Create(known), each));
    }

    /// <summary>Backstage's: false, missing, null, "", 0 and an empty list are false.</summary>
    public static bool IsTruthy(JsonNode? node) => node switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
            JsonValueKind.String => value.ToString().Length > 0,
            JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) != 0,
            _ => true,
        },
        _ => true,
    };

    private JsonObject Context(JsonObject? each)
    {
        var context = new JsonObject
        {
            ["parameters"] = spec.Parameters.DeepClone(),
            ["steps"] = _steps.DeepClone(),
            ["user"] = spec.User.DeepClone(),
            ["secrets"] = secrets.Values.DeepClone(),
            ["context"] = new JsonObject { ["task"] = new JsonObject { ["id"] = taskId.ToString() } },
            ["environment"] = new JsonObject { ["parameters"] = new JsonObject(), ["secrets"] = new JsonObject() },
        };
        if (each is not null)
        {
            context["each"] = each.DeepClone();
        }

        return context;
    }

    [GeneratedRegex(@"\b(?<name>always|failure)\(\s*\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusFunction();
}
