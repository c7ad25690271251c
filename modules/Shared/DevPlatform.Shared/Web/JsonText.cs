using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Web;

/// <summary>Finds text in JSON that is no text.</summary>
public static class JsonText
{
    /// <summary>Refuses JSON with a string that cannot be used.</summary>
    /// <exception cref="InputException">Names its path.</exception>
    public static void Check(JsonElement element)
    {
        // No body at all is for its reader to judge.
        if (element.ValueKind != JsonValueKind.Undefined && FindUnusable(element) is { } path)
        {
            throw InputException.For(path, "the character NUL, or no text at all", "text");
        }
    }

    /// <summary>
    /// The path of the first string that cannot be used: one that holds half of a surrogate pair, bytes that are no UTF-8, or NUL, which PostgreSQL
    /// cannot store. JSON's grammar allows them all, and readers notice the first two only when they take the string.
    /// </summary>
    /// <returns>Null when there is none; <c>items[0].id</c> otherwise.</returns>
    private static string? FindUnusable(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return !Utf8.IsValid(raw) || raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0 || raw.IndexOf("\\u0000"u8) >= 0 ? Find(element, "") : null;
    }

    private static string? Find(JsonElement element, string path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (!IsUsable(() => property.Name))
                    {
                        return path.Length == 0 ? "a property's name" : $"{path}: a property's name";
                    }

                    if (Find(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}") is { } found)
                    {
                        return found;
                    }
                }

                return null;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select((item, i) => Find(item, $"{path}[{i}]")).FirstOrDefault(found => found is not null);
            case JsonValueKind.String:
                return IsUsable(() => element.GetString()!) ? null : path;
            default:
                return null;
        }
    }

    private static bool IsUsable(Func<string> read)
    {
        try
        {
            return !read().Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
