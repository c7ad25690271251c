using System.Text.Json;
using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Catalog.Entities;

/// <summary>What permissions need to know about an entity.</summary>
internal static class EntityAccess
{
    private const string Environment = "devplatform.io/environment";

    public static PermissionResource ResourceOf(string entityRef, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var owners = root.GetProperty("relations").EnumerateArray()
            .Where(r => r.GetProperty("type").GetString() == "ownedBy").Select(r => r.GetProperty("targetRef").GetString()!).ToList();
        return new PermissionResource(entityRef, owners, Value(root, "labels") ?? Value(root, "annotations"));
    }

    private static string? Value(JsonElement root, string map) =>
        root.GetProperty("metadata").TryGetProperty(map, out var values) && values.TryGetProperty(Environment, out var value) ? value.GetString() : null;
}
