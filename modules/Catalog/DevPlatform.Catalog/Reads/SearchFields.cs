using System.Text.Json;

namespace DevPlatform.Catalog.Reads;

/// <summary>A key and value that filters find an entity by; the value is null where the key exists but equals nothing.</summary>
internal readonly record struct SearchField(string Key, string? Value);

/// <summary>
/// Flattens an entity into search fields, as Backstage does: dotted paths; items of an array under the array's own path, and strings among them
/// also as <c>path.item = true</c>; relations as <c>relations.type = target</c>. Keys are lower case, values keep their case.
/// </summary>
internal static class SearchFields
{
    private const int MaxLength = 200;

    public static HashSet<SearchField> Of(byte[] entity)
    {
        using var document = JsonDocument.Parse(entity);
        var fields = new HashSet<SearchField>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            switch (property.Name)
            {
                case "attachments" or "status":
                    break;
                case "relations":
                    foreach (var relation in property.Value.EnumerateArray())
                    {
                        Add(fields, $"relations.{relation.GetProperty("type").GetString()}".ToLowerInvariant(), relation.GetProperty("targetRef").GetString());
                    }

                    break;
                default:
                    Visit(fields, property.Name.ToLowerInvariant(), property.Value);
                    break;
            }
        }

        return fields;
    }

    private static void Visit(HashSet<SearchField> fields, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    if (path == "metadata" && property.Name == "etag")
                    {
                        continue;
                    }

                    Visit(fields, $"{path}.{property.Name.ToLowerInvariant()}", property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Visit(fields, path, item);
                    if (item.ValueKind == JsonValueKind.String)
                    {
                        Add(fields, $"{path}.{item.GetString()!.ToLowerInvariant()}", "true");
                    }
                }

                break;
            case JsonValueKind.String:
                Add(fields, path, value.GetString());
                break;
            case JsonValueKind.Null:
                Add(fields, path, null);
                break;
            default:
                Add(fields, path, value.GetRawText());
                break;
        }
    }

    private static void Add(HashSet<SearchField> fields, string key, string? value)
    {
        if (key.Length <= MaxLength)
        {
            fields.Add(new SearchField(key, value?.Length > MaxLength ? null : value));
        }
    }
}
