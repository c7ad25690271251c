using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Edits;

/// <summary>
/// Reads a JSON merge patch (RFC 7396) of an entity into fields to set. Owners change metadata (RFC §5.3.3); what identifies an entity, what it is and
/// who owns it are not among it.
/// </summary>
internal static class EntityPatch
{
    private static readonly string[] Fields = ["title", "description", "labels", "annotations", "tags", "links"];
    private static readonly string[] Maps = ["labels", "annotations"];

    /// <exception cref="InputException">Names the field that may not be changed here.</exception>
    public static IReadOnlyList<(string[] Path, JsonNode? Value)> Read(JsonElement patch)
    {
        var changes = new List<(string[], JsonNode?)>();
        foreach (var part in patch.EnumerateObject())
        {
            if (part.Name != "metadata" || part.Value.ValueKind != JsonValueKind.Object)
            {
                throw InputException.For(part.Name, part.Value.ValueKind, "metadata, an object; the owner is changed by a transfer");
            }

            foreach (var field in part.Value.EnumerateObject())
            {
                if (!Fields.Contains(field.Name))
                {
                    throw InputException.For($"metadata.{field.Name}", field.Value.GetRawText(), $"one of the fields {string.Join(", ", Fields)}");
                }

                if (Maps.Contains(field.Name) && field.Value.ValueKind == JsonValueKind.Object)
                {
                    changes.AddRange(field.Value.EnumerateObject().Select(entry => (new[] { "metadata", field.Name, Own(entry.Name) }, Node(entry.Value))));
                }
                else
                {
                    changes.Add((["metadata", field.Name], Node(field.Value)));
                }
            }
        }

        return changes.Count > 0 ? changes : throw new InputException("The body changes nothing; allowed: {\"metadata\": {…}}");
    }

    private static string Own(string annotation) => annotation is EntityJson.ManagedByLocation or EntityJson.ManagedByOriginLocation
        ? throw InputException.For($"metadata.annotations.{annotation}", "a value", "nothing: the catalog writes it")
        : annotation;

    private static JsonNode? Node(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : JsonNode.Parse(value.GetRawText());
}
