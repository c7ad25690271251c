using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.History;

/// <summary>A field whose value changed; null stands for absent.</summary>
/// <param name="Field">Dotted path: <c>spec.lifecycle</c>.</param>
/// <param name="From">Its value before.</param>
/// <param name="To">Its value after.</param>
internal sealed record FieldChange(string Field, JsonNode? From, JsonNode? To);

/// <summary>Compares two served versions of an entity.</summary>
internal static class EntityDiff
{
    private const int MaxFields = 100;
    private const int MaxValueLength = 1000;

    /// <summary>What its own fields say differently; relations that others declare and the etag are not its own.</summary>
    public static IReadOnlyList<FieldChange> Of(byte[] before, byte[] after)
    {
        var changes = new List<FieldChange>();
        Compare(changes, "", JsonNode.Parse(before), JsonNode.Parse(after));
        return changes.Count <= MaxFields ? changes : changes[..MaxFields];
    }

    private static void Compare(List<FieldChange> changes, string path, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject a && after is JsonObject b)
        {
            foreach (var key in a.Select(p => p.Key).Union(b.Select(p => p.Key), StringComparer.Ordinal))
            {
                var field = path.Length == 0 ? key : $"{path}.{key}";
                if (field is not ("relations" or "metadata.etag" or "metadata.uid"))
                {
                    Compare(changes, field, a[key], b[key]);
                }
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new FieldChange(path, Bounded(before), Bounded(after)));
        }
    }

    // An API's definition may have a megabyte; history shows that it changed, the source's own history shows how.
    private static JsonNode? Bounded(JsonNode? value)
    {
        if (value is null)
        {
            return null;
        }

        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : EntityJson.Write(value);
        return text.Length <= MaxValueLength ? value.DeepClone() : text[..MaxValueLength] + "…";
    }
}
