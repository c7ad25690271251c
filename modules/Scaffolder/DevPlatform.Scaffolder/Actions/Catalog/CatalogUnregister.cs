using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Catalog;

/// <summary><c>catalog:unregister</c>: takes an entity whose file is gone out of the catalog, which would otherwise wait for the file to come back.</summary>
internal sealed class CatalogUnregister(IOptions<ScaffolderOptions> options) : IScaffolderAction
{
    private const string Prefix = "url:";

    public ActionDefinition Definition { get; } = new()
    {
        Id = "catalog:unregister",
        Description = "Removes the location that holds an entity of the requester's own, and nothing else, from the catalog. An entity that is not there is fine.",
        InputSchema = Schema.Object([("entityRef", Schema.Text("The entity"))], "entityRef"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        Example = "steps:\n  - action: catalog:unregister\n    input:\n      entityRef: resource:default/orders-db\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        if (await ExistingResource.FindAsync(context, context.Text("entityRef")!, cancellationToken) is not { } resource)
        {
            await context.LogAsync($"{context.Text("entityRef")} is not in the catalog");
            return;
        }

        resource.RequireMayChange(context, options.Value.Guardrails);
        var annotations = resource.Entity["metadata"]?["annotations"];
        var origin = annotations?["backstage.io/managed-by-origin-location"]?.ToString();
        if (origin?.StartsWith(Prefix, StringComparison.Ordinal) != true || origin != annotations?["backstage.io/managed-by-location"]?.ToString())
        {
            throw InputException.For("entityRef", resource.EntityRef, "an entity that a location of its own was registered for");
        }

        var answer = await context.Bus.InvokeAsync<LocationUnregistered>(new UnregisterLocation("url", origin[Prefix.Length..], context.Actor), cancellationToken);
        await context.LogAsync(answer.Existed ? $"Removed {origin} from the catalog" : $"{origin} is not registered");
    }
}
