using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema.Validation;
using Source = NJsonSchema.Validation.ValidationError;

namespace DevPlatform.Scaffolder.JsonSchemas;

/// <summary>From NJsonSchema's errors to those of the npm package <c>jsonschema</c>, which Backstage's clients know.</summary>
internal static partial class ValidationErrorMapper
{
    public static ValidationError Map(Source error, JsonObject schema, JsonObject instance, string root)
    {
        var path = ParsePath(error.Path);
        var name = Keyword(error.Kind);
        if (name is "required" or "additionalProperties" && path.Count > 0 && path[^1] is string)
        {
            // The rule belongs to the object around the property.
            path.RemoveAt(path.Count - 1);
        }

        var at = SchemaAt(schema, path) ?? JsonNode.Parse(error.Schema.ToJson()) as JsonObject;
        var argument = name is "required" or "additionalProperties" ? JsonValue.Create(error.Property) : Argument(at, name, error);
        var found = InstanceAt(instance, path);
        var field = root + string.Concat(path.Select(p => p is int i ? $"[{i}]" : $".{p}"));
        var (message, allowed) = Describe(name, argument, error);
        return new ValidationError
        {
            Path = path,
            Message = message,
            Name = name,
            Schema = at?.DeepClone(),
            Instance = found?.DeepClone(),
            Argument = argument,
            Field = name is "required" or "additionalProperties" ? $"{field}.{error.Property}" : field,
            Allowed = allowed,
        };
    }

    private static string Keyword(ValidationErrorKind kind) => kind switch
    {
        ValidationErrorKind.PropertyRequired => "required",
        ValidationErrorKind.PatternMismatch => "pattern",
        ValidationErrorKind.StringTooShort => "minLength",
        ValidationErrorKind.StringTooLong => "maxLength",
        ValidationErrorKind.NumberTooSmall or ValidationErrorKind.IntegerTooBig => kind == ValidationErrorKind.NumberTooSmall ? "minimum" : "maximum",
        ValidationErrorKind.NumberTooBig => "maximum",
        ValidationErrorKind.NumberNotMultipleOf or ValidationErrorKind.IntegerNotMultipleOf => "multipleOf",
        ValidationErrorKind.NotInEnumeration => "enum",
        ValidationErrorKind.TooFewItems => "minItems",
        ValidationErrorKind.TooManyItems => "maxItems",
        ValidationErrorKind.ItemsNotUnique => "uniqueItems",
        ValidationErrorKind.TooFewProperties => "minProperties",
        ValidationErrorKind.TooManyProperties => "maxProperties",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => "additionalProperties",
        ValidationErrorKind.NotAnyOf => "anyOf",
        ValidationErrorKind.NotOneOf => "oneOf",
        ValidationErrorKind.NotAllOf => "allOf",
        ValidationErrorKind.ExcludedSchemaValidates => "not",
        ValidationErrorKind.DateExpected or ValidationErrorKind.DateTimeExpected or ValidationErrorKind.TimeExpected
            or ValidationErrorKind.UriExpected or ValidationErrorKind.EmailExpected or ValidationErrorKind.HostnameExpected
            or ValidationErrorKind.IpV4Expected or ValidationErrorKind.IpV6Expected or ValidationErrorKind.GuidExpected
            or ValidationErrorKind.UuidExpected or ValidationErrorKind.Base64Expected or ValidationErrorKind.TimeSpanExpected => "format",
        _ => "type",
    };

    private static JsonNode? Argument(JsonObject? schema, string name, Source error)
    {
        var value = schema?[name] ?? (JsonNode.Parse(error.Schema.ToJson()) as JsonObject)?[name];
        // NJsonSchema writes 5 as 5.0.
        if (value?.GetValueKind() == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number))
        {
            value = JsonValue.Create((long)number);
        }

        // jsonschema always lists types.
        return name == "type" && value is JsonValue ? new JsonArray(value.DeepClone()) : value?.DeepClone();
    }

    private static (string Message, string Allowed) Describe(string name, JsonNode? argument, Source error)
    {
        var text = argument is JsonArray list ? string.Join(",", list.Select(i => i?.ToString())) : argument?.ToString();
        return name switch
        {
            "required" => ($"requires property \"{text}\"", "a value (it is required)"),
            "type" => ($"is not of a type(s) {text}", text ?? error.Kind.ToString()),
            "pattern" => ($"does not match pattern \"{text}\"", $"what matches {text}"),
            "enum" => ($"is not one of enum values: {text}", $"one of {text}"),
            "minimum" => ($"must be greater than or equal to {text}", $"{text} or more"),
            "maximum" => ($"must be less than or equal to {text}", $"{text} or less"),
            "minLength" => ($"does not meet minimum length of {text}", $"at least {text} characters"),
            "maxLength" => ($"does not meet maximum length of {text}", $"at most {text} characters"),
            "minItems" => ($"does not meet minimum length of {text}", $"at least {text} items"),
            "maxItems" => ($"does not meet maximum length of {text}", $"at most {text} items"),
            "uniqueItems" => ("contains duplicate item", "different items"),
            "multipleOf" => ($"is not a multiple of (divisible by) {text}", $"multiples of {text}"),
            "additionalProperties" => ($"is not allowed to have the additional property \"{text}\"", "only the properties of the schema"),
            "format" => ($"does not conform to the \"{text}\" format", $"the format {text}"),
            "anyOf" => ("is not any of the subschemas", "what at least one of the alternatives accepts"),
            "oneOf" => ("is not exactly one from the subschemas", "what exactly one of the alternatives accepts"),
            "not" => ("is of prohibited type", "what the schema under \"not\" does not accept"),
            _ => ($"does not satisfy {name} {text}", $"{name} {text}"),
        };
    }

    private static List<object> ParsePath(string? path)
    {
        var parts = new List<object>();
        foreach (Match match in PathPart().Matches(path?.TrimStart('#', '/') ?? ""))
        {
            parts.Add(match.Groups["index"].Success
                ? int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture)
                : match.Groups["name"].Value);
        }

        return parts;
    }

    private static JsonNode? InstanceAt(JsonNode? node, List<object> path)
    {
        foreach (var part in path)
        {
            node = (node, part) switch
            {
                (JsonObject o, string name) => o[name],
                (JsonArray a, int index) when index < a.Count => a[index],
                _ => null,
            };
        }

        return node;
    }

    private static JsonObject? SchemaAt(JsonObject schema, List<object> path)
    {
        JsonObject? at = schema;
        foreach (var part in path)
        {
            at = part is string name ? at?["properties"]?[name] as JsonObject : at?["items"] as JsonObject;
        }

        return at;
    }

    [GeneratedRegex(@"\[(?<index>\d+)\]|(?<name>[^.\[\]]+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPart();
}
