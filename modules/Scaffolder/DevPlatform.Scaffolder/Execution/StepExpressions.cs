using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tasks;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>What step inputs, conditions and outputs see, and how they are rendered (Backstage's rules).</summary>
internal sealed class StepExpressions
{
    private readonly TemplatedJson _renderer;
    private readonly JsonObject _secrets;
    private readonly CancellationToken _cancellation;
    private TemplateContext _context;
    private bool _askedForStatus;

    public StepExpressions(Guid taskId, TaskSpec spec, TaskSecrets secrets, TemplateFilters filters, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _secrets = secrets.Values;
        _renderer = new TemplatedJson(new TemplateOptions
        {
            Filters = filters.All,
            Globals = new Dictionary<string, TemplateValue>(StringComparer.Ordinal)
            {
                ["always"] = TemplateValue.Function("always", _ => Status(true)),
                ["failure"] = TemplateValue.Function("failure", _ => Status(Failed)),
            },
        });
        _context = new TemplateContext(new JsonObject
        {
            ["parameters"] = spec.Parameters.DeepClone(),
            ["steps"] = new JsonObject(),
            ["user"] = spec.User.DeepClone(),
            ["context"] = new JsonObject { ["task"] = new JsonObject { ["id"] = taskId.ToString() } },
            ["environment"] = new JsonObject { ["parameters"] = new JsonObject(), ["secrets"] = new JsonObject() },
        });
    }

    /// <summary>Whether a step has failed: changes what conditions mean.</summary>
    public bool Failed { get; set; }

    public void SetOutput(string stepId, JsonObject output) =>
        _context = _context.With(["steps", stepId], new JsonObject { ["output"] = output.DeepClone() });

    /// <summary>Renders an output or a condition; secrets are no part of what these see.</summary>
    public JsonNode? Render(JsonNode? template, JsonObject? each = null) => _renderer.Render(template, With(each), cancellation: _cancellation);

    /// <summary>Renders a step's input or list of items, which may use secrets.</summary>
    public JsonNode? RenderInput(JsonNode? template, JsonObject? each = null) => _renderer.Render(template, With(each).With("secrets", _secrets), cancellation: _cancellation);

    /// <summary>Whether a step's condition holds; one without a condition always runs.</summary>
    public bool Holds(JsonNode? condition, JsonObject? each = null) => condition is null || IsTruthy(Render(condition, each));

    /// <summary>Whether a condition calls <c>always()</c> or <c>failure()</c>: after a failure only such steps are looked at.</summary>
    public bool AsksForStatus(JsonNode? condition)
    {
        _askedForStatus = false;
        if (condition is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            Render(condition);
        }

        return _askedForStatus;
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

    private TemplateContext With(JsonObject? each) => each is null ? _context : _context.With("each", each);

    private TemplateValue Status(bool value)
    {
        _askedForStatus = true;
        return value;
    }
}
