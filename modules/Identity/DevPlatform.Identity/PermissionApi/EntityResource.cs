using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using Wolverine;

namespace DevPlatform.Identity.PermissionApi;

/// <summary>What permissions need to know about a catalog entity, asked of the Catalog.</summary>
internal static class EntityResource
{
    /// <summary>The entity's owners and environment, or null for an entity the catalog does not have.</summary>
    public static async Task<PermissionResource?> LoadAsync(IMessageBus bus, string entityRef, CancellationToken cancellationToken)
    {
        if (!EntityRef.TryParse(entityRef, out var parsed))
        {
            return null;
        }

        var found = await bus.InvokeAsync<EntityDocument>(new GetEntity(parsed.ToString()), cancellationToken);
        return found.Found ? new PermissionResource(found.EntityRef, found.Owners, EnvironmentOf(found.Json)) : null;
    }

    private static string? EnvironmentOf(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var entity = JsonDocument.Parse(json);
        return Value(entity.RootElement, "labels") ?? Value(entity.RootElement, "annotations");

        static string? Value(JsonElement root, string map) =>
            root.TryGetProperty("metadata", out var metadata)
            && metadata.TryGetProperty(map, out var values)
            && values.TryGetProperty("devplatform.io/environment", out var environment) ? environment.GetString() : null;
    }
}
