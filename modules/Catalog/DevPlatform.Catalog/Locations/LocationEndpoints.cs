using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Storage;
using DevPlatform.Catalog.Web;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.Locations;

/// <summary><c>/locations</c>: registered locations.</summary>
internal static class LocationEndpoints
{
    private static readonly string[] Fields = ["type", "target", "presence"];

    public static void Map(IEndpointRouteBuilder catalog)
    {
        catalog.MapGet("/locations", ListAsync)
            .RequirePermission(CatalogPermissions.LocationRead)
            .WithSummary("Lists registered locations");
        catalog.MapPost("/locations", CreateAsync)
            .RequirePermission(CatalogPermissions.LocationCreate)
            .WithSummary("Registers a location and takes in its entities, or with dryRun=true shows them")
            .WithDescription("Body: type (url), target, presence (required or optional). Query: dryRun, onConflict=refresh. 201 with location and entities.");
        catalog.MapPost("/locations/by-query", LocationQuery.RunAsync)
            .RequirePermission(CatalogPermissions.LocationRead)
            .WithSummary("Queries registered locations page by page")
            .WithDescription("Body: query (type, target, id or entityRef), limit, cursor.");
        catalog.MapGet("/locations/{id}", async (HttpContext context, string id, LocationRegistry locations) => Answer(context, LocationBody.Of(await FindAsync(locations, id, context.RequestAborted))))
            .RequirePermission(CatalogPermissions.LocationRead)
            .WithSummary("Answers a registered location")
            .Produces<LocationBody>();
        catalog.MapPut("/locations/{id}", UpdateAsync)
            .RequirePermission(CatalogPermissions.LocationCreate)
            .WithSummary("Has a location read from another place; what came from the old one and not from the new one goes")
            .WithDescription("Body: type (url), target, presence (required or optional). Needs catalog.location.delete too. 409 where another location has that target.")
            .Produces<LocationBody>();
        catalog.MapDelete("/locations/{id}", DeleteAsync)
            .RequireSignIn("who may delete each of a location's entities may remove it; others need catalog.location.delete")
            .WithSummary("Removes a location and what came from it")
            .WithDescription("Needs catalog.location.delete, or catalog.entity.delete on everything that came from it.");
        catalog.MapGet("/locations/by-entity/{kind}/{namespace}/{name}", ByEntityAsync)
            .RequirePermission(CatalogPermissions.LocationRead)
            .WithSummary("Answers the registered location that an entity comes from")
            .Produces<LocationBody>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, LocationRegistry locations)
    {
        var all = (await locations.ListAsync(context.RequestAborted)).ConvertAll(LocationBody.Of);
        return context.IsKnownTag(LocationBody.TagOf(all)) ? Results.Empty : Results.Ok(all.Select(location => new { data = location }));
    }

    private static IResult Answer(HttpContext context, LocationBody location) => context.IsKnownTag(LocationBody.TagOf([location])) ? Results.Empty : Results.Ok(location);

    private static async Task<(string Type, string Target, bool Optional)> ReadAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        body.AllowOnly("", Fields);
        var (type, target) = (body.Text("type", required: true)!, body.Text("target", required: true)!);
        LocationRules.Check(type, target);
        var optional = body.Text("presence") switch
        {
            null or "required" => false,
            "optional" => true,
            var other => throw InputException.For("presence", other, "required or optional"),
        };
        return (type, target, optional);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Caller caller, LocationRegistry locations, CatalogDbContext db, TimeProvider time)
    {
        var (type, target, optional) = await ReadAsync(context);
        var existing = await locations.FindAsync(type, target, context.RequestAborted);
        if (context.Request.Query["dryRun"].FirstOrDefault() == "true")
        {
            var tree = await locations.ReadAsync(type, target, optional, context.RequestAborted);
            var location = new LocationBody($"{type}:{target}", type, target, Provenance.LocationRef(type, target));
            return Created(new { location, entities = tree.Entities.Select(e => e.Entity), exists = existing is not null });
        }

        if (existing is not null)
        {
            if (context.Request.Query["onConflict"].FirstOrDefault() != "refresh")
            {
                throw new ConflictException($"Location {type}:{target} already exists");
            }

            await db.Roots.Where(r => r.Id == existing.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.RefreshRequestedAt, time.GetUtcNow()), context.RequestAborted);
            await db.SignalRefreshAsync(RefreshSignals.Requested, context.RequestAborted);
            return Created(new { location = LocationBody.Of(existing), entities = Array.Empty<object>() });
        }

        var (root, created, _) = await locations.RegisterAsync(type, target, optional, caller.ToActor(), null, context.RequestAborted);
        return created
            ? Created(new { location = LocationBody.Of(root), entities = Array.Empty<object>() })
            : throw new ConflictException($"Location {type}:{target} already exists");
    }

    private static async Task<LocationBody> UpdateAsync(HttpContext context, string id, Caller caller, LocationRegistry locations)
    {
        var (type, target, optional) = await ReadAsync(context);
        var root = await FindAsync(locations, id, context.RequestAborted);
        await context.AuthorizeAsync(CatalogPermissions.LocationDelete, new PermissionResource(Provenance.LocationRef(root.Type, root.Target)));
        return LocationBody.Of(await locations.MoveAsync(root, type, target, optional, caller.ToActor(), context.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string id, Caller caller, LocationRegistry locations, ChangeFeed feed, IPermissionEvaluator permissions)
    {
        var root = Guid.TryParse(id, out var key) ? await locations.FindAsync(key, context.RequestAborted) : null;
        if (root is null || !await MayDeleteAllAsync(root, caller, feed, permissions, context.RequestAborted))
        {
            await context.AuthorizeAsync(CatalogPermissions.LocationDelete, new PermissionResource(root is null ? id : Provenance.LocationRef(root.Type, root.Target)));
        }

        await locations.RemoveAsync(root ?? throw NotFound(id), caller.ToActor(), context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary>Whether the caller may delete one by one what removing the location deletes at once. Location entities only lead to the others.</summary>
    private static async Task<bool> MayDeleteAllAsync(
        RootRow root, Caller caller, ChangeFeed feed, IPermissionEvaluator permissions, CancellationToken cancellationToken)
    {
        var index = await feed.ReadyAsync(cancellationToken);
        var entities = index.Read(view => view.Entities.Where(e => e.RootId == root.Id && !e.Ref.StartsWith("location:", StringComparison.Ordinal)).ToList());
        return entities.Count > 0 && entities.TrueForAll(e => permissions.Evaluate(caller, CatalogPermissions.EntityDelete, EntityAccess.ResourceOf(e.Ref, e.Json)).IsAllowed);
    }

    private static async Task<IResult> ByEntityAsync(
        HttpContext context, ChangeFeed feed, LocationRegistry locations, string kind, string @namespace, string name)
    {
        var entityRef = new EntityRef(kind, @namespace, name).ToString();
        var index = await feed.ReadyAsync(context.RequestAborted);
        var entity = index.Read(view => view.Find(entityRef)) ?? throw new NotFoundException($"found no entity for ref {entityRef}");
        var root = await locations.FindAsync(entity.RootId, context.RequestAborted);
        return Answer(context, LocationBody.Of(root ?? throw new NotFoundException($"found no location for entity {entityRef}: it is not from a registered location")));
    }

    private static async Task<RootRow> FindAsync(LocationRegistry locations, string id, CancellationToken cancellationToken) =>
        (Guid.TryParse(id, out var key) ? await locations.FindAsync(key, cancellationToken) : null) ?? throw NotFound(id);

    private static NotFoundException NotFound(string id) => new($"Found no location with ID {id}");

    private static IResult Created(object body) => Results.Json(body, statusCode: StatusCodes.Status201Created);
}
