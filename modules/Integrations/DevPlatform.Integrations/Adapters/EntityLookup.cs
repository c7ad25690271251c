using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Wolverine;

namespace DevPlatform.Integrations.Adapters;

/// <summary>An entity as links and adapters read it.</summary>
/// <param name="Ref">Lower-case ref.</param>
/// <param name="Owners">Refs of its owners.</param>
/// <param name="Json">The entity as served.</param>
public sealed record CatalogEntity(string Ref, IReadOnlyList<string> Owners, JsonElement Json)
{
    /// <summary>An annotation's value, or null.</summary>
    public string? Annotation(string key) => Path("metadata", "annotations", key);

    /// <summary>A text at a path, or null.</summary>
    public string? Path(params ReadOnlySpan<string> path)
    {
        var at = Json;
        foreach (var member in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(member, out at))
            {
                return null;
            }
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }

    /// <summary>Targets of the entity's relations of one type.</summary>
    public IEnumerable<string> Related(string type) =>
        Json.TryGetProperty("relations", out var relations)
            ? relations.EnumerateArray().Where(r => r.GetProperty("type").GetString() == type).Select(r => r.GetProperty("targetRef").GetString()!)
            : [];
}

/// <summary>Finds the entity that a request is about, and decides permissions on it.</summary>
public sealed class EntityLookup(IMessageBus bus)
{
    /// <summary>The entity, or null.</summary>
    public async Task<CatalogEntity?> FindAsync(string entityRef, CancellationToken cancellationToken)
    {
        var document = await bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef), cancellationToken);
        return document.Found ? Read(document) : null;
    }

    /// <summary>The entities with an annotation; with <paramref name="value"/>, with exactly that value of it.</summary>
    public async Task<IReadOnlyList<CatalogEntity>> AnnotatedAsync(string annotation, string? value, CancellationToken cancellationToken)
    {
        var documents = await bus.InvokeAsync<EntityDocuments>(new ListAnnotatedEntities(annotation, value), cancellationToken);
        return [.. documents.Items.Select(Read)];
    }

    /// <summary>The entity of <c>?entityRef=</c>, which the caller may read and on which the caller has <paramref name="permission"/>.</summary>
    /// <exception cref="InputException">No or a malformed ref.</exception>
    /// <exception cref="NotFoundException">The catalog has no such entity.</exception>
    /// <exception cref="NotAllowedException">The caller may not.</exception>
    public async Task<CatalogEntity> AuthorizedAsync(HttpContext http, string? entityRef, Permission permission)
    {
        if (!EntityRef.TryParse(entityRef, out var parsed))
        {
            throw InputException.For("entityRef", entityRef, "an entity ref such as component:default/orders-api");
        }

        var entity = await FindAsync(parsed.ToString(), http.RequestAborted) ?? throw new NotFoundException($"No entity {parsed} in the catalog");
        await http.AuthorizeAsync(CatalogPermissions.EntityRead, ResourceOf(entity));
        await http.AuthorizeAsync(permission, ResourceOf(entity));
        return entity;
    }

    /// <summary>What permissions need to know about an entity.</summary>
    public static PermissionResource ResourceOf(CatalogEntity entity) => new(entity.Ref, entity.Owners, Environment(entity));

    /// <summary>The deployment environment that an entity says it is for, or null.</summary>
    public static string? Environment(CatalogEntity entity) =>
        entity.Annotation("devplatform.io/environment") ?? entity.Path("metadata", "labels", "devplatform.io/environment");

    private static CatalogEntity Read(EntityDocument document) => new(document.EntityRef, document.Owners, JsonElement.Parse(document.Json!));
}
