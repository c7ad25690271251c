using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;

namespace DevPlatform.Catalog.Entities;

/// <summary>Reading the parts of an entity's JSON that the catalog itself needs; the rest stays as it came.</summary>
internal static class EntityJson
{
    public const string ManagedByLocation = "backstage.io/managed-by-location";
    public const string ManagedByOriginLocation = "backstage.io/managed-by-origin-location";
    public const string SourceLocation = "backstage.io/source-location";
    public const string ViewUrl = "backstage.io/view-url";
    public const string EditUrl = "backstage.io/edit-url";

    /// <summary>Bytes are served as <c>application/json</c> only, so nothing but JSON's own characters needs escaping.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Kind(JsonObject entity) => Text(entity["kind"]) ?? "";

    public static string Namespace(JsonObject entity) => Text(entity["metadata"]?["namespace"]) is { Length: > 0 } ns ? ns : EntityRef.DefaultNamespace;

    public static string Name(JsonObject entity) => Text(entity["metadata"]?["name"]) ?? "";

    /// <summary>The entity's own reference, lower case.</summary>
    public static string Ref(JsonObject entity) => new EntityRef(Kind(entity), Namespace(entity), Name(entity)).ToString();

    /// <summary>As <see cref="Ref"/>, for an entity that may be invalid; null when its parts cannot make a reference.</summary>
    public static string? TryRef(JsonNode? entity) =>
        entity is JsonObject { } candidate && candidate["metadata"] is JsonObject && Kind(candidate).Length > 0 && Name(candidate).Length > 0 ? Ref(candidate) : null;

    /// <summary>A string value; null for anything else.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }

    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    public static string Write(JsonNode node) => node.ToJsonString(Options);
}
