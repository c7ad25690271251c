using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DevPlatform.Scaffolder.JsonSchemas;

/// <summary>
/// One value that its schema, or a guardrail, does not accept: Backstage's shape (that of the npm package <c>jsonschema</c>), with
/// <see cref="Field"/>, <see cref="Found"/> and <see cref="Allowed"/> for people.
/// </summary>
internal sealed record ValidationError
{
    /// <summary>Path of the value: property names and array indexes.</summary>
    public required IReadOnlyList<object> Path { get; init; }

    /// <summary><c>instance.name</c>.</summary>
    public string Property => "instance" + string.Concat(Path.Select(p => p is int i ? $"[{i}]" : $".{p}"));

    public required string Message { get; init; }

    public JsonNode? Schema { get; init; }

    public JsonNode? Instance { get; init; }

    /// <summary>The rule: a JSON Schema keyword (<c>pattern</c>), or a guardrail (<c>naming</c>, <c>tier</c>).</summary>
    public required string Name { get; init; }

    public JsonNode? Argument { get; init; }

    public string Stack => $"{Property} {Message}";

    /// <summary>As people name it: <c>values.name</c>.</summary>
    public required string Field { get; init; }

    public JsonNode? Found => Instance;

    public required string Allowed { get; init; }

    /// <summary>One line with field, found and allowed.</summary>
    [JsonIgnore]
    public string Text => $"\"{Field}\" is not valid: found {Found?.ToJsonString() ?? "nothing"}; allowed: {Allowed}";
}

/// <summary>Bad values, answered as 400 <c>{ "errors": [ … ] }</c> without an error envelope, as Backstage does.</summary>
internal sealed class InvalidValuesException(IReadOnlyList<ValidationError> errors) : Exception(string.Join("; ", errors.Select(e => e.Text)))
{
    public IReadOnlyList<ValidationError> Errors { get; } = errors;
}
