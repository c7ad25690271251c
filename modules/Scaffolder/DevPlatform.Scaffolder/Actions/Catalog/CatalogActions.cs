using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Catalog;

/// <summary><c>catalog:register</c>: registering the same location again answers as the first time did.</summary>
internal sealed class CatalogRegister : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "catalog:register",
        Description = "Registers entities from a catalog descriptor file in the workspace into the software catalog.",
        InputSchema = new JsonObject
        {
            ["anyOf"] = new JsonArray(
                Schema.Object(
                    [
                        ("catalogInfoUrl", Schema.Text("An absolute URL pointing to the catalog info file location")),
                        ("optional", Schema.Flag("Permit the registered location to optionally exist. Default: false")),
                    ],
                    "catalogInfoUrl"),
                Schema.Object(
                    [
                        ("repoContentsUrl", Schema.Text("An absolute URL pointing to the root of a repository directory tree")),
                        ("catalogInfoPath", Schema.Text("A relative path from the repo root pointing to the catalog info file, defaults to /catalog-info.yaml")),
                        ("optional", Schema.Flag("Permit the registered location to optionally exist. Default: false")),
                    ],
                    "repoContentsUrl")),
        },
        OutputSchema = Schema.Object([("entityRef", Schema.Text("The first entity")), ("catalogInfoUrl", Schema.Text("The location"))]),
        Permission = CatalogPermissions.LocationCreate,
        Outside = OutsideAccess.Nothing,
        Example = "steps:\n  - action: catalog:register\n    input:\n      catalogInfoUrl: https://git.example.com/org/repo/src/branch/main/catalog-info.yaml\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var url = context.Text("catalogInfoUrl")
            ?? $"{context.Text("repoContentsUrl")!.TrimEnd('/')}/{(context.Text("catalogInfoPath") ?? "catalog-info.yaml").TrimStart('/')}";
        await context.LogAsync($"Registering {url} in the catalog");
        try
        {
            var registered = await context.Bus.InvokeAsync<LocationRegistered>(
                new RegisterLocation("url", url, context.Actor, context.TaskId.ToString()), cancellationToken);
            // Backstage prefers the entity that is not generated around others.
            var entityRef = registered.EntityRefs.FirstOrDefault(r => !r.StartsWith("location:", StringComparison.Ordinal)) ?? (registered.EntityRefs is [var first, ..] ? first : null);
            if (entityRef is not null)
            {
                context.Output["entityRef"] = entityRef;
                await context.LogAsync($"Registered {string.Join(", ", registered.EntityRefs)}");
            }
        }
        catch (PlatformException e) when (context.Flag("optional") && e is NotFoundException or InputException)
        {
            await context.LogAsync($"Not registered, which the step allows: {e.Message}");
        }

        context.Output["catalogInfoUrl"] = url;
    }
}

/// <summary><c>catalog:write</c>.</summary>
internal sealed class CatalogWrite : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "catalog:write",
        Description = "Writes the catalog-info.yaml for your template",
        InputSchema = Schema.Object(
            [
                ("filePath", Schema.Text("Defaults to catalog-info.yaml")),
                ("entity", Schema.Map("You can provide the same values used in the Entity schema.")),
            ],
            "entity"),
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: catalog:write\n    input:\n      entity:\n        apiVersion: backstage.io/v1alpha1\n        kind: Component\n        metadata: { name: orders }\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var path = context.Text("filePath") ?? "catalog-info.yaml";
        var entity = (JsonObject)context.Input["entity"]!.DeepClone();
        // As Backstage: an entity made by a template says which.
        if (entity["metadata"] is JsonObject metadata)
        {
            var annotations = metadata["annotations"] as JsonObject ?? (JsonObject)(metadata["annotations"] = new JsonObject())!;
            annotations["backstage.io/source-template"] ??= context.Spec.TemplateRef;
        }

        await context.Workspace.WriteTextAsync(path, YamlText.Write(entity), cancellationToken);
        await context.LogAsync($"Wrote {path}");
    }
}

/// <summary><c>catalog:fetch</c>.</summary>
internal sealed class CatalogFetch : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "catalog:fetch",
        Description = "Returns entity or entities from the catalog by entity reference(s)",
        InputSchema = Schema.Object(
        [
            ("entityRef", Schema.Text("Entity reference of the entity to get")),
            ("entityRefs", Schema.List(new JsonObject { ["type"] = "string" }, "Entity references of the entities to get")),
            ("optional", Schema.Flag("Allow the entity or entities to optionally exist. Default: false")),
            ("defaultKind", Schema.Text("The default kind")),
            ("defaultNamespace", Schema.Text("The default namespace")),
        ]),
        OutputSchema = Schema.Object([("entity", Schema.Map("The entity")), ("entities", Schema.List(Schema.Map("An entity"), "The entities, in the order asked"))]),
        Permission = CatalogPermissions.EntityRead,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: catalog:fetch\n    input:\n      entityRef: component:default/orders\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        if (context.Text("entityRef") is { } single)
        {
            context.Output["entity"] = await FetchAsync(context, single, cancellationToken);
            return;
        }

        var refs = context.Texts("entityRefs");
        if (refs.Length == 0)
        {
            throw InputException.For("entityRef", null, "entityRef or entityRefs");
        }

        var entities = new JsonArray();
        foreach (var entityRef in refs)
        {
            entities.Add(await FetchAsync(context, entityRef, cancellationToken));
        }

        context.Output["entities"] = entities;
    }

    private static async Task<JsonNode?> FetchAsync(ActionContext context, string text, CancellationToken cancellationToken)
    {
        if (!EntityRef.TryParse(text, out var entityRef, context.Text("defaultKind"), context.Text("defaultNamespace") ?? EntityRef.DefaultNamespace))
        {
            throw InputException.For("entityRef", text, "an entity reference <kind>:[<namespace>/]<name>");
        }

        var document = await context.Bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef.ToString()), cancellationToken);
        if (document is { Found: true, Json: { } json })
        {
            return JsonNode.Parse(json);
        }

        // Backstage's wording and error name, which a UI may match.
        return context.Flag("optional") ? null : throw new InvalidOperationException($"Entity {entityRef} not found");
    }
}
