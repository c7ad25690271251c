using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;
using NJsonSchema;
using NJsonSchema.Validation;

namespace DevPlatform.Scaffolder.JsonSchemas;

/// <summary>Validates JSON against a JSON Schema with NJsonSchema and answers in the shape of Backstage's validator.</summary>
internal static class SchemaValidator
{
    // By identity: the schemas of actions are the same objects from start to end, and to read one costs more than what it checks.
    private static readonly ConditionalWeakTable<JsonObject, JsonSchema> Known = [];

    /// <summary>All errors, in schema order; empty when valid.</summary>
    /// <param name="schema">The schema as its author wrote it.</param>
    /// <param name="instance">What to check.</param>
    /// <param name="root">How people call the instance: <c>values</c>, <c>input</c>, <c>secrets</c>.</param>
    public static async Task<IReadOnlyList<ValidationError>> ValidateAsync(
        JsonObject schema, JsonObject instance, string root, CancellationToken cancellationToken)
    {
        var parsed = await ParseAsync(schema, root, cancellationToken);
        var errors = new List<ValidationError>();
        foreach (var leaf in parsed.Validate(instance.ToJsonString()).SelectMany(e => Leaves(e)))
        {
            errors.Add(ValidationErrorMapper.Map(leaf, schema, instance, root));
        }

        return errors;
    }

    private static async Task<JsonSchema> ParseAsync(JsonObject schema, string root, CancellationToken cancellationToken)
    {
        if (Known.TryGetValue(schema, out var known))
        {
            return known;
        }

        try
        {
            var parsed = await JsonSchema.FromJsonAsync(SchemaDialect.Normalize(schema).ToJsonString(), cancellationToken);
            return Known.GetValue(schema, _ => parsed);
        }
        catch (Exception e) when (e is not PlatformException and not OperationCanceledException)
        {
            throw new InputException($"The schema of \"{root}\" is not a JSON Schema: {e.Message}", e);
        }
    }

    // NJsonSchema reports "some item is wrong" with the reasons inside; people need the reasons.
    private static IEnumerable<NJsonSchema.Validation.ValidationError> Leaves(NJsonSchema.Validation.ValidationError error)
    {
        if (error is not ChildSchemaValidationError child)
        {
            return [error];
        }

        return child.Kind switch
        {
            ValidationErrorKind.NotAnyOf when child.Schema.ExtensionData?.ContainsKey(SchemaDialect.ConditionMarker) == true =>
                child.Errors.Last().Value.SelectMany(Leaves),
            ValidationErrorKind.NotAnyOf or ValidationErrorKind.NotOneOf => [child],
            _ => child.Errors.SelectMany(e => e.Value).SelectMany(Leaves),
        };
    }
}
