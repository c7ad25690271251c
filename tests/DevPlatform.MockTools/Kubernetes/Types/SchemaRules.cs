using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Types;

/// <summary>
/// Structural schemas of custom resources: drops unknown fields, fills in defaults, finds what is invalid, with the API server's wording.
/// CEL rules (<c>x-kubernetes-validations</c>) are not evaluated.
/// </summary>
internal static class SchemaRules
{
    private static readonly HashSet<string> Envelope = new(StringComparer.Ordinal) { "apiVersion", "kind", "metadata" };

    /// <summary>Removes what the schema does not know; returns where.</summary>
    public static IReadOnlyList<string> Prune(JsonObject resource, JsonObject schema)
    {
        var removed = new List<string>();
        Prune(resource, schema, "", removed);
        return removed;
    }

    public static void Default(JsonNode? node, JsonObject schema)
    {
        if (node is JsonArray array && schema["items"] is JsonObject items)
        {
            foreach (var item in array)
            {
                Default(item, items);
            }
        }

        if (node is not JsonObject value)
        {
            return;
        }

        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (!value.ContainsKey(name) && property.At("default") is { } standard)
            {
                value[name] = standard.DeepClone();
            }

            Default(value[name], (JsonObject)property!);
        }
    }

    public static IReadOnlyList<FieldError> Validate(JsonObject resource, JsonObject schema)
    {
        var errors = new List<FieldError>();
        Validate(resource, schema, "", errors);
        return errors;
    }

    private static void Prune(JsonNode? node, JsonObject schema, string path, List<string> removed)
    {
        if (node is JsonArray array && schema["items"] is JsonObject items)
        {
            for (var i = 0; i < array.Count; i++)
            {
                Prune(array[i], items, $"{path}[{i}]", removed);
            }
        }

        if (node is not JsonObject value || IsTrue(schema, "x-kubernetes-preserve-unknown-fields"))
        {
            return;
        }

        foreach (var name in value.Select(p => p.Key).ToArray())
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            if (path.Length == 0 && Envelope.Contains(name))
            {
                continue;
            }

            if ((schema.At("properties", name) ?? schema["additionalProperties"]) is JsonObject known)
            {
                Prune(value[name], known, field, removed);
            }
            else if (!IsTrue(schema, "additionalProperties"))
            {
                value.Remove(name);
                removed.Add(field);
            }
        }
    }

    private static void Validate(JsonNode? node, JsonObject schema, string path, List<FieldError> errors)
    {
        if (node is null)
        {
            if (!IsTrue(schema, "nullable"))
            {
                errors.Add(new FieldError(path, "FieldValueTypeInvalid", $"Invalid value: \"null\": {path} in body must be of type {schema.Text("type")}: \"null\""));
            }

            return;
        }

        if (schema.Text("type") is { } type && !IsTrue(schema, "x-kubernetes-int-or-string") && !HasType(node, type))
        {
            errors.Add(new FieldError(path, "FieldValueTypeInvalid", $"Invalid value: \"{TypeOf(node)}\": {path} in body must be of type {type}: \"{TypeOf(node)}\""));
            return;
        }

        switch (node)
        {
            case JsonObject value:
                ValidateObject(value, schema, path, errors);
                break;
            case JsonArray array:
                for (var i = 0; i < array.Count && schema["items"] is JsonObject items; i++)
                {
                    Validate(array[i], items, $"{path}[{i}]", errors);
                }

                Limit(array.Count, schema, "minItems", "maxItems", path, node, errors, "have {0} {1} items");
                break;
            default:
                ValidateValue((JsonValue)node, schema, path, errors);
                break;
        }
    }

    private static void ValidateObject(JsonObject value, JsonObject schema, string path, List<FieldError> errors)
    {
        foreach (var required in (schema["required"] as JsonArray ?? []).Select(n => n!.GetValue<string>()).Where(r => !value.ContainsKey(r)))
        {
            errors.Add(FieldError.Required(path.Length == 0 ? required : $"{path}.{required}"));
        }

        foreach (var (name, inner) in value)
        {
            if ((path.Length > 0 || !Envelope.Contains(name)) && (schema.At("properties", name) ?? schema["additionalProperties"]) is JsonObject known)
            {
                Validate(inner, known, path.Length == 0 ? name : $"{path}.{name}", errors);
            }
        }
    }

    private static void ValidateValue(JsonValue value, JsonObject schema, string path, List<FieldError> errors)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            errors.Add(new FieldError(path, "FieldValueNotSupported", $"Unsupported value: {value.ToJsonString()}: supported values: {string.Join(", ", allowed.Select(a => a!.ToJsonString()))}"));
        }

        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            Limit(text.Length, schema, "minLength", "maxLength", path, value, errors, "be {0} {1} chars long");
            if (schema.Text("pattern") is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                errors.Add(FieldError.Invalid(path, value, $"{path} in body should match '{pattern}'"));
            }
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            var number = Number(value);
            if (schema["minimum"] is { } minimum && number < Number(minimum))
            {
                errors.Add(FieldError.Invalid(path, value, $"{path} in body should be greater than or equal to {minimum.ToJsonString()}"));
            }

            if (schema["maximum"] is { } maximum && number > Number(maximum))
            {
                errors.Add(FieldError.Invalid(path, value, $"{path} in body should be less than or equal to {maximum.ToJsonString()}"));
            }
        }
    }

    private static void Limit(int length, JsonObject schema, string least, string most, string path, JsonNode value, List<FieldError> errors, string wording)
    {
        if (schema[least] is { } minimum && length < Number(minimum))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should {string.Format(wording, "at least", minimum.ToJsonString())}"));
        }

        if (schema[most] is { } maximum && length > Number(maximum))
        {
            errors.Add(FieldError.Invalid(path, value, $"{path} in body should {string.Format(wording, "at most", maximum.ToJsonString())}"));
        }
    }

    private static double Number(JsonNode node) => double.Parse(node.ToJsonString());

    private static bool IsTrue(JsonObject schema, string name) => schema[name]?.GetValueKind() == JsonValueKind.True;

    private static bool HasType(JsonNode node, string type) => TypeOf(node) == type || (type == "number" && TypeOf(node) == "integer");

    private static string TypeOf(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => double.IsInteger(Number(node)) ? "integer" : "number",
    };
}
