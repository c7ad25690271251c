using System.Text.Json;

namespace DevPlatform.Access.Credentials;

/// <summary>Where a database listens, as its entity says.</summary>
/// <param name="Host">Host name, or null when the entity does not say.</param>
/// <param name="Port">Port, or null.</param>
/// <param name="Database">Name of the database, or null.</param>
internal sealed record ConnectionInfo(string? Host, int? Port, string? Database)
{
    /// <summary>
    /// Reads <c>status.connection</c> or <c>spec.connection</c> (host, port, database), which come from the claim's status, else the
    /// annotations <c>devplatform.io/host</c>, <c>/port</c>, <c>/database</c>.
    /// </summary>
    public static ConnectionInfo Read(string? entityJson)
    {
        if (entityJson is null)
        {
            return new(null, null, null);
        }

        using var document = JsonDocument.Parse(entityJson);
        var entity = document.RootElement;
        return new(Value(entity, "host"), int.TryParse(Value(entity, "port"), out var port) ? port : null, Value(entity, "database"));
    }

    private static string? Value(JsonElement entity, string name) =>
        Text(entity, "status", "connection", name) ?? Text(entity, "spec", "connection", name) ?? Text(entity, "metadata", "annotations", $"devplatform.io/{name}");

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
