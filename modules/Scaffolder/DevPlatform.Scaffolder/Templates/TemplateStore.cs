using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;
using Wolverine;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>Templates are entities: the catalog is asked for them.</summary>
internal static class TemplateStore
{
    /// <exception cref="NotFoundException">The catalog does not know it.</exception>
    /// <exception cref="InputException">The ref is malformed, or is no template.</exception>
    public static async Task<Template> GetAsync(IMessageBus bus, string templateRef, CancellationToken cancellationToken)
    {
        if (!EntityRef.TryParse(templateRef, out var entityRef, defaultKind: "template"))
        {
            throw InputException.For("templateRef", templateRef, "an entity reference [template:][<namespace>/]<name>");
        }

        var document = await bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef.ToString()), cancellationToken);
        return document is { Found: true, Json: { } json }
            ? Template.Parse(document.EntityRef, json, document.Owners)
            : throw new NotFoundException($"Template {entityRef} not found");
    }

    /// <summary>An entity as JSON, or null.</summary>
    public static async Task<JsonObject?> FindEntityAsync(IMessageBus bus, string entityRef, CancellationToken cancellationToken)
    {
        var document = await bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef), cancellationToken);
        return document is { Found: true, Json: { } json } ? JsonNode.Parse(json) as JsonObject : null;
    }
}
