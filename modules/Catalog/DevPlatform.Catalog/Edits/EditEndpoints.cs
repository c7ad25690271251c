using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Catalog.Edits;

/// <summary>What owners may do with their entities (RFC §5.3.3); each change is a commit to the repository of the entity's file.</summary>
internal static class EditEndpoints
{
    private const string Entity = "/entities/by-name/{kind}/{namespace}/{name}";
    private const int MaxDocsBytes = 5_000_000;

    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapPatch(Entity, PatchAsync)
            .RequirePermission(CatalogPermissions.EntityWrite)
            .WithSummary("Changes an entity's metadata in its repository")
            .WithDescription("Body: a JSON merge patch of metadata.{title,description,labels,annotations,tags,links}. 200 with commit and entity; 409 for an entity that is not in Git.");
        catalog.MapPost(Entity + "/transfer", TransferAsync)
            .RequirePermission(CatalogPermissions.EntityTransfer)
            .WithSummary("Gives an entity to another owner")
            .WithDescription("Body: owner, the entity reference of a Group or User in the catalog. 200 with commit and entity.");
        catalog.MapDelete(Entity, DeleteAsync)
            .RequirePermission(CatalogPermissions.EntityDelete)
            .WithSummary("Removes an entity from its repository, for good")
            .WithDescription("200 with commit. DELETE /entities/by-uid removes it from the catalog only, until its source is read again.");
        catalog.MapPut(Entity + "/docs/{**path}", WriteDocsAsync)
            .RequirePermission(CatalogPermissions.EntityWrite)
            .WithSummary("Writes a file of an entity's documentation to its repository")
            .WithDescription("Body: the file (at most 5 MB). Path: below the documentation's directory, or mkdocs.yml. 200 with commit.");
        catalog.MapDelete(Entity + "/docs/{**path}", RemoveDocsAsync)
            .RequirePermission(CatalogPermissions.EntityWrite)
            .WithSummary("Removes a file of an entity's documentation from its repository")
            .WithDescription("200 with commit.");
    }

    private static async Task<IResult> PatchAsync(HttpContext context, Caller caller, EntityEdits edits, ChangeFeed feed, string kind, string @namespace, string name)
    {
        var fields = EntityPatch.Read(await RequestBody.ReadAsync(context));
        var entity = await FindAsync(context, feed, CatalogPermissions.EntityWrite, new EntityRef(kind, @namespace, name));
        var commit = await edits.SetAsync(entity, fields, caller.ToActor(), "catalog.entity.edit", context.RequestAborted);
        return Answer(commit, feed, entity);
    }

    private static async Task<IResult> TransferAsync(HttpContext context, Caller caller, EntityEdits edits, ChangeFeed feed, string kind, string @namespace, string name)
    {
        var owner = (await RequestBody.ReadAsync(context)).Text("owner", required: true)!;
        var entity = await FindAsync(context, feed, CatalogPermissions.EntityTransfer, new EntityRef(kind, @namespace, name));
        if (!EntityKinds.Of(kind).NeedsOwner)
        {
            throw new InputException($"{entity.Ref} has no owner: a {kind} needs none");
        }

        if (!EntityRef.TryParse(owner, out var target, "Group", @namespace) || target.Kind.ToLowerInvariant() is not ("group" or "user")
            || feed.Index.Read(view => view.Find(target.ToString())) is null)
        {
            throw InputException.For("owner", owner, "the entity reference of a Group or User in the catalog");
        }

        var commit = await edits.SetAsync(entity, [(["spec", "owner"], JsonValue.Create(target.ToString()))], caller.ToActor(), "catalog.entity.transfer", context.RequestAborted);
        return Answer(commit, feed, entity);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, Caller caller, EntityEdits edits, ChangeFeed feed, string kind, string @namespace, string name)
    {
        var entity = await FindAsync(context, feed, CatalogPermissions.EntityDelete, new EntityRef(kind, @namespace, name));
        return Results.Ok(new { commit = await edits.RemoveAsync(entity, caller.ToActor(), context.RequestAborted) });
    }

    private static async Task<IResult> WriteDocsAsync(HttpContext context, Caller caller, EntityEdits edits, ChangeFeed feed, string kind, string @namespace, string name, string path)
    {
        var entity = await FindAsync(context, feed, CatalogPermissions.EntityWrite, new EntityRef(kind, @namespace, name));
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        if (content.Length is 0 or > MaxDocsBytes)
        {
            throw InputException.For("body", $"{content.Length} bytes", $"1 to {MaxDocsBytes}");
        }

        return Results.Ok(new { commit = await edits.WriteDocsAsync(entity, path, content.ToArray(), caller.ToActor(), context.RequestAborted) });
    }

    private static async Task<IResult> RemoveDocsAsync(HttpContext context, Caller caller, EntityEdits edits, ChangeFeed feed, string kind, string @namespace, string name, string path)
    {
        var entity = await FindAsync(context, feed, CatalogPermissions.EntityWrite, new EntityRef(kind, @namespace, name));
        return Results.Ok(new { commit = await edits.WriteDocsAsync(entity, path, null, caller.ToActor(), context.RequestAborted) });
    }

    // Whom the policy lets see it, and change it: ownership is decided on the entity as it is.
    private static async Task<IndexedEntity> FindAsync(HttpContext context, ChangeFeed feed, Permission permission, EntityRef entityRef)
    {
        var index = await feed.ReadyAsync(context.RequestAborted);
        var entity = index.Read(view => view.Find(entityRef.ToString())) ?? throw Unknown(entityRef);
        var resource = EntityAccess.ResourceOf(entity.Ref, entity.Json);
        var evaluator = context.RequestServices.GetRequiredService<IPermissionEvaluator>();
        if (!evaluator.Evaluate(await Caller.BindAsync(context), CatalogPermissions.EntityRead, resource).IsAllowed)
        {
            throw Unknown(entityRef);
        }

        await context.AuthorizeAsync(permission, resource);
        return entity;
    }

    private static NotFoundException Unknown(EntityRef entityRef) =>
        new($"No entity named '{entityRef.Name}' found, with kind '{entityRef.Kind}' in namespace '{entityRef.Namespace}'");

    private static IResult Answer(string? commit, ChangeFeed feed, IndexedEntity before)
    {
        var entity = feed.Index.Read(view => view.Find(before.Ref)) ?? before;
        return Results.Ok(new { commit, entity = JsonNode.Parse(entity.Json) });
    }
}
