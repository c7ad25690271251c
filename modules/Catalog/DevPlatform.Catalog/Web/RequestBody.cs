using System.Text.Json;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Web;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Catalog.Web;

/// <summary>Reads JSON bodies with the error messages that Backstage's clients know.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="InputException">No JSON object.</exception>
    public static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        if (string.IsNullOrEmpty(context.Request.ContentType))
        {
            throw new InputException(context.Request.ContentLength is > 0 ? "Content-Type missing; allowed: application/json" : "Empty request body; allowed: a JSON object");
        }

        if (!context.Request.HasJsonContentType())
        {
            throw new InputException($"Illegal Content-Type: unsupported media type {context.Request.ContentType}; allowed: application/json");
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            JsonText.Check(document.RootElement);

            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw InputException.For("body", document.RootElement.ValueKind, "a JSON object");
        }
        catch (JsonException e)
        {
            throw new InputException($"The request body is not valid JSON at line {e.LineNumber + 1}", e);
        }
    }

    /// <exception cref="InputException">It has a member that is not among those allowed.</exception>
    public static void AllowOnly(this JsonElement body, string path, params string[] allowed)
    {
        if (body.EnumerateObject().FirstOrDefault(member => !allowed.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw new InputException($"\"{path}{unknown.Name}\" is not known; allowed: {string.Join(", ", allowed)}");
        }
    }

    public static string? Text(this JsonElement body, string name, bool required = false) => body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw InputException.For(name, value.GetRawText(), "a string")
        : required ? throw InputException.For(name, null, "a string") : null;

    public static int? Number(this JsonElement body, string name) => body.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw InputException.For(name, value.GetRawText(), "a whole number, 0 or more")
        : null;

    public static IReadOnlyList<string>? Texts(this JsonElement body, string name, bool required = false)
    {
        if (!body.TryGetProperty(name, out var list))
        {
            return required ? throw InputException.For(name, null, "a list of strings") : null;
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(item => item.GetString()!)]
            : throw InputException.For(name, list.GetRawText(), "a list of strings");
    }
}
