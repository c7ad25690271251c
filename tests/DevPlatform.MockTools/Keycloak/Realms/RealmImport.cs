using System.Text.Json;
using System.Text.RegularExpressions;

namespace DevPlatform.MockTools.Keycloak.Realms;

/// <summary>Reads realm exports the way <c>kc.sh start --import-realm</c> does, placeholders <c>${NAME:default}</c> included.</summary>
internal static partial class RealmImport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The realms of a file, of all <c>*.json</c> files of a directory, or of several of those separated by <c>;</c>.</summary>
    public static IEnumerable<RealmRepresentation> Read(string? import, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(import))
        {
            throw new InvalidOperationException("Realm__Import: missing; allowed: the path of a realm export (JSON), or of a directory of them");
        }

        foreach (var path in import.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var file in Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Order().ToArray() : [path])
            {
                yield return ReadFile(file, configuration);
            }
        }
    }

    private static RealmRepresentation ReadFile(string file, IConfiguration configuration)
    {
        try
        {
            var text = Placeholder().Replace(File.ReadAllText(file), match => configuration[match.Groups["name"].Value] is { Length: > 0 } value
                ? JsonEncodedText.Encode(value).ToString()
                : match.Groups["default"].Success ? match.Groups["default"].Value : match.Value);
            return JsonSerializer.Deserialize<RealmRepresentation>(text, Json)!;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Realm__Import: '{file}' is no realm export: {e.Message}", e);
        }
    }

    // Lower-case placeholders are Keycloak's message keys (${username}), not settings.
    [GeneratedRegex(@"\$\{(?<name>[A-Z][A-Z0-9_]*)(:(?<default>[^}]*))?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
