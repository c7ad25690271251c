using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>JSON to template values and back.</summary>
internal static class JsonConversion
{
    private const double SafeInteger = 9007199254740991;

    public static TemplateValue FromJson(JsonNode? node) => FromJson(node, 0);

    /// <summary>
    /// Undefined becomes null, and an undefined entry of a record disappears. NaN and infinities have no JSON and become null. A pattern
    /// becomes its text.
    /// </summary>
    public static JsonNode? ToJson(TemplateValue value) => ToJson(value, 0);

    private static TemplateValue FromJson(JsonNode? node, int depth)
    {
        ValueGraph.CheckDepth(depth);
        return node switch
        {
            null => TemplateValue.Null,
            JsonObject members => RecordValue.Of(members.Select(member => KeyValuePair.Create(member.Key, FromJson(member.Value, depth + 1)))),
            JsonArray items => ListValue.Of(items.Select(item => FromJson(item, depth + 1))),
            _ => FromScalar((JsonValue)node),
        };
    }

    private static TemplateValue FromScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetValue<double>(out var number) ? number : NumberText.Parse(value.ToJsonString()),
        JsonValueKind.String => value.TryGetValue<string>(out var text) ? text : JsonSerializer.Deserialize<string>(value.ToJsonString())!,
        _ => TemplateValue.Null,
    };

    private static JsonNode? ToJson(TemplateValue value, int depth)
    {
        ValueGraph.CheckDepth(depth);
        switch (value.Kind)
        {
            case TemplateValueKind.Undefined or TemplateValueKind.Null:
                return null;
            case TemplateValueKind.Boolean:
                return value.IsTruthy;
            case TemplateValueKind.Number:
                return ToJson(value.RawNumber);
            case TemplateValueKind.Text or TemplateValueKind.SafeText:
                return value.AsText;
            case TemplateValueKind.List:
                return new JsonArray([.. value.AsList!.Items.Select(item => ToJson(item, depth + 1))]);
            case TemplateValueKind.Record:
                return new JsonObject(value.AsRecord!.Entries.Where(entry => !entry.Value.IsUndefined)
                    .Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value, depth + 1))));
            case TemplateValueKind.Pattern:
                return value.AsPattern!.ToString();
            default:
                throw new TemplateFault("A function cannot be a result; call it with ()");
        }
    }

    private static JsonValue? ToJson(double number)
    {
        if (!double.IsFinite(number))
        {
            return null;
        }

        return number == Math.Truncate(number) && Math.Abs(number) <= SafeInteger ? JsonValue.Create((long)number) : JsonValue.Create(number);
    }
}
