using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Templates;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>
/// What a task will provision, read from the template's annotation <c>devplatform.io/provisions</c> and the parameters it names
/// (docs/scaffolder.md). Guardrails look at this, not at templates.
/// </summary>
internal sealed record ProvisioningRequest
{
    public const string ProvisionsAnnotation = "devplatform.io/provisions";
    public const string ParametersAnnotation = "devplatform.io/provisions-parameters";

    /// <summary>The catalog's resource type: database, cache, queue, storage.</summary>
    public required string ResourceType { get; init; }

    public required string? Name { get; init; }

    /// <summary>development, staging or production; null where the value is none of them.</summary>
    public required string? Environment { get; init; }

    public required string? FoundEnvironment { get; init; }

    /// <summary>Full entity ref, lower case; null when there is no usable one.</summary>
    public required string? Owner { get; init; }

    public string? FoundOwner { get; init; }

    public string? Size { get; init; }

    public string? Storage { get; init; }

    public int? Replicas { get; init; }

    public string? Backup { get; init; }

    /// <summary>The requester's justification, for approvers.</summary>
    public string? Reason { get; init; }

    /// <summary>Names of the parameters that differ from the conventional ones.</summary>
    public required IReadOnlyDictionary<string, string> ParameterNames { get; init; }

    /// <summary>The entity that comes of it.</summary>
    public string EntityRef => new EntityRef("resource", Catalog.Contracts.EntityRef.DefaultNamespace, Name ?? "").ToString();

    /// <summary>Null for a template that provisions nothing.</summary>
    public static ProvisioningRequest? Read(Template template, JsonObject values)
    {
        if (template.Annotation(ProvisionsAnnotation) is not { Length: > 0 } resourceType)
        {
            return null;
        }

        var names = ParseNames(template.Annotation(ParametersAnnotation));
        string? Value(string role) => values[names.GetValueOrDefault(role, role)]?.ToString() is { Length: > 0 } text ? text : null;
        var owner = Value("owner");
        return new ProvisioningRequest
        {
            ResourceType = resourceType,
            Name = Value("name"),
            Environment = EnvironmentTiers.Normalize(Value("environment")),
            FoundEnvironment = Value("environment"),
            Owner = Catalog.Contracts.EntityRef.TryParse(owner, out var parsed, defaultKind: "group") ? parsed.ToString() : null,
            FoundOwner = owner,
            Size = Value("size"),
            Storage = Value("storage"),
            Replicas = int.TryParse(Value("replicas"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var replicas) ? replicas : null,
            Backup = Value("backup"),
            Reason = Value("reason"),
            ParameterNames = names,
        };
    }

    public string ParameterOf(string role) => ParameterNames.GetValueOrDefault(role, role);

    public string ToJson() => JsonSerializer.Serialize(this);

    public static ProvisioningRequest? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<ProvisioningRequest>(json);

    private static Dictionary<string, string> ParseNames(string? annotation) =>
        (annotation ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
