using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Storage;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.Queries;

/// <summary>Having an entity read again from its source, and removing one.</summary>
internal static class ChangeEntities
{
    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapPost("/refresh", RefreshAsync)
            .RequirePermission(CatalogPermissions.EntityRefresh)
            .WithSummary("Has an entity's source read again soon")
            .WithDescription("Body: entityRef. Answers at once.");
        catalog.MapDelete("/entities/by-uid/{uid}", DeleteAsync)
            .RequirePermission(CatalogPermissions.EntityDelete)
            .WithSummary("Removes an entity; it returns when its source still has it");
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, ChangeFeed feed, CatalogDbContext db, TimeProvider time)
    {
        var body = await RequestBody.ReadAsync(context);
        var text = body.Text("entityRef", required: true)!;
        if (!EntityRef.TryParse(text, out var parsed))
        {
            throw InputException.For("entityRef", text, "<kind>:<namespace>/<name>");
        }

        var index = await feed.ReadyAsync(context.RequestAborted);
        var entity = index.Read(view => view.Find(parsed.ToString())) ?? throw new NotFoundException($"Entity not found: {parsed}");
        await context.AuthorizeAsync(CatalogPermissions.EntityRefresh, EntityAccess.ResourceOf(entity.Ref, entity.Json));
        await db.Roots.Where(r => r.Id == entity.RootId)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.RefreshRequestedAt, time.GetUtcNow()), context.RequestAborted);
        await db.SignalRefreshAsync(RefreshSignals.Requested, context.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string uid, Caller caller, ChangeFeed feed, CatalogWriter writer, IAuditTrail audit)
    {
        var index = await feed.ReadyAsync(context.RequestAborted);
        var entity = Guid.TryParse(uid, out var id) ? index.Read(view => view.Find(id)) : null;
        if (entity is not null)
        {
            await context.AuthorizeAsync(CatalogPermissions.EntityDelete, EntityAccess.ResourceOf(entity.Ref, entity.Json));
            await writer.RemoveEntityAsync(entity.Ref, ChangeCause.Of(caller.ToActor()), context.RequestAborted);
            await audit.RecordAsync(caller.ToActor(), "catalog.entity.delete", entity.Ref, AuditResult.Success);
        }

        return Results.NoContent();
    }
}
