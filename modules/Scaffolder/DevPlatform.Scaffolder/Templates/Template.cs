using System.Text.Json.Nodes;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>A Template entity (<c>scaffolder.backstage.io/v1beta3</c>) as the catalog serves it.</summary>
internal sealed class Template
{
    public const string ApiVersion = "scaffolder.backstage.io/v1beta3";

    private Template(string entityRef, JsonObject entity, IReadOnlyList<string> owners)
    {
        EntityRef = entityRef;
        Metadata = entity["metadata"] as JsonObject ?? [];
        Spec = entity["spec"] as JsonObject ?? [];
        Owners = owners;
    }

    public string EntityRef { get; }

    public IReadOnlyList<string> Owners { get; }

    public JsonObject Metadata { get; }

    public JsonObject Spec { get; }

    /// <summary>The wizard's pages: <c>spec.parameters</c> may be one schema or a list.</summary>
    public IEnumerable<JsonObject> Pages => Spec["parameters"] switch
    {
        JsonArray pages => pages.OfType<JsonObject>(),
        JsonObject page => [page],
        _ => [],
    };

    /// <summary>The schema of the secrets, when there is one.</summary>
    public JsonObject? SecretsSchema => Spec["secrets"]?["schema"] as JsonObject;

    public IReadOnlyList<string> Tags => PermissionTags(Spec);

    /// <summary>Where relative URLs of the template start: its source location.</summary>
    public string? BaseUrl
    {
        get
        {
            var location = Annotation("backstage.io/source-location") ?? Annotation("backstage.io/managed-by-location");
            return location is null ? null : location[(location.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
    }

    /// <exception cref="InputException">Not a template of this version.</exception>
    public static Template Parse(string entityRef, string json, IReadOnlyList<string> owners)
    {
        var entity = JsonNode.Parse(json) as JsonObject ?? [];
        var apiVersion = entity["apiVersion"]?.ToString();
        return apiVersion == ApiVersion && entity["kind"]?.ToString() == "Template"
            ? new Template(entityRef, entity, owners)
            : throw new InputException(
                $"Unsupported apiVersion field in schema entity, {apiVersion}: \"{entityRef}\" is not valid; allowed: Template entities of {ApiVersion}");
    }

    public string? Annotation(string name) => Metadata["annotations"]?[name]?.ToString();

    /// <summary>The <c>backstage:permissions.tags</c> of a template, page, property or step.</summary>
    public static IReadOnlyList<string> PermissionTags(JsonObject? node) =>
        node?["backstage:permissions"]?["tags"] is JsonArray tags ? [.. tags.Select(t => t?.ToString() ?? "")] : [];
}
