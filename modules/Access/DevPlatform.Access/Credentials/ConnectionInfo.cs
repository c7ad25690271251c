using System.Text.Json;

namespace DevPlatform.Access.Credentials;

/// <summary>Where a database listens, as its entity says.</summary>
/// <param name="Host">Host name, or null when the entity does not say.</param>
/// <param name="Port">Port, or null.</param>
/// <param name="Database">Name of the database, or null.</param>
internal sealed record ConnectionInfo(string? Host, int? Port, string? Database)
{
    /// <summary>Reads what the catalog has from the claim's status: <c>status.resource.connection</c> (host, port, database).</summary>
    public static ConnectionInfo Read(string? entityJson)
    {
        if (entityJson is null)
        {
            return new(null, null, null);
        }

        using var document = JsonDocument.Parse(entityJson);
        var resource = document.RootElement;
        return new(
            Text(resource, "status", "resource", "connection", "host"),
            int.TryParse(Text(resource, "status", "resource", "connection", "port"), out var port) ? port : null,
            Text(resource, "status", "resource", "connection", "database"));
    }

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.String or JsonValueKind.Number ? element.ToString() : null;
    }
}
