using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Integrations.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Tools;

/// <summary>A tool as the library shows it.</summary>
public sealed record ToolView(
    string Id, string Name, string Category, string Description, string Icon, Uri Url, bool Favorite, ToolHealth Health);

/// <summary>A tool that is relevant to an entity, with deep links.</summary>
public sealed record EntityToolView(string Id, string Name, string Category, string Icon, ToolHealth Health, IReadOnlyList<DeepLink> Links);

/// <summary>A deep link.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Url">Absolute URL.</param>
/// <param name="EntityRef">The entity that it is scoped to.</param>
public sealed record DeepLink(string Title, Uri Url, string EntityRef);

/// <summary>A list of tools.</summary>
public sealed record ToolList<T>(IReadOnlyList<T> Items);

internal static class ToolEndpoints
{
    // A System shows the tools of its components; more than these would not fit a page.
    private const int MostComponents = 50;

    public static void MapTools(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/tools").WithTags("Tools");
        group.MapGet("", ListAsync).RequirePermission(IntegrationsPermissions.ToolLibraryRead)
            .WithSummary("Tools that the caller may open, favorites first; ?category= and ?search= narrow it");
        group.MapGet("/for-entity/{kind}/{namespace}/{name}", ForEntityAsync).RequirePermission(CatalogPermissions.EntityRead)
            .WithSummary("Tools that are relevant to an entity and that the caller may open for it, with deep links");
        group.MapPut("/{id}/favorite", AddFavoriteAsync).RequireSignIn("changes the caller's own favorites")
            .WithSummary("Mark a tool as favorite");
        group.MapDelete("/{id}/favorite", RemoveFavoriteAsync).RequireSignIn("changes the caller's own favorites")
            .WithSummary("Unmark a favorite tool");
    }

    private static async Task<ToolList<ToolView>> ListAsync(
        Caller caller,
        string? category,
        string? search,
        IOptionsMonitor<ToolLibraryOptions> options,
        IPermissionEvaluator permissions,
        ToolHealthMonitor health,
        IntegrationsDbContext database,
        CancellationToken cancellationToken)
    {
        var favorites = await database.FavoriteTools.Where(f => f.UserRef == caller.UserRef).Select(f => f.ToolId).ToListAsync(cancellationToken);
        var tools = from tool in Openable(options, permissions, caller)
                    where category is null || tool.Category.Equals(category, StringComparison.OrdinalIgnoreCase)
                    where search is null || $"{tool.Name} {tool.Description} {tool.Category}".Contains(search, StringComparison.OrdinalIgnoreCase)
                    let favorite = favorites.Contains(tool.Id)
                    orderby !favorite, tool.Category, tool.Name
                    select new ToolView(tool.Id, tool.Name, tool.Category, tool.Description, tool.Icon, tool.Url!, favorite, health.Of(tool.Id));
        return new ToolList<ToolView>([.. tools]);
    }

    private static async Task<ToolList<EntityToolView>> ForEntityAsync(
        HttpContext http,
        string kind,
        string @namespace,
        string name,
        Caller caller,
        EntityLookup entities,
        IOptionsMonitor<ToolLibraryOptions> options,
        IPermissionEvaluator permissions,
        ToolHealthMonitor health)
    {
        var entity = await entities.AuthorizedAsync(http, new EntityRef(kind, @namespace, name).ToString(), CatalogPermissions.EntityRead);
        var scope = new List<CatalogEntity> { entity };
        if (entity.Path("kind") == "System")
        {
            foreach (var part in entity.Related("hasPart").Where(r => r.StartsWith("component:", StringComparison.Ordinal)).Take(MostComponents))
            {
                if (await entities.FindAsync(part, http.RequestAborted) is { } component)
                {
                    scope.Add(component);
                }
            }
        }

        var tools = from tool in Openable(options, permissions, caller)
                    let links = LinksOf(tool, scope, permissions, caller).ToList()
                    where links.Count > 0
                    orderby tool.Category, tool.Name
                    select new EntityToolView(tool.Id, tool.Name, tool.Category, tool.Icon, health.Of(tool.Id), links);
        return new ToolList<EntityToolView>([.. tools]);
    }

    private static async Task<NoContent> AddFavoriteAsync(
        string id,
        Caller caller,
        IOptionsMonitor<ToolLibraryOptions> options,
        IPermissionEvaluator permissions,
        IntegrationsDbContext database,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!Openable(options, permissions, caller).Any(t => t.Id == id))
        {
            throw new NotFoundException($"No tool \"{id}\"");
        }

        // One statement, so that two clicks at once are one favorite.
        await database.Database.ExecuteSqlAsync(
            $"insert into integrations.favorite_tools (user_ref, tool_id, created_at) values ({caller.UserRef}, {id}, {time.GetUtcNow()}) on conflict do nothing",
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveFavoriteAsync(
        string id, Caller caller, IntegrationsDbContext database, CancellationToken cancellationToken)
    {
        await database.FavoriteTools.Where(f => f.UserRef == caller.UserRef && f.ToolId == id).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    // What the caller may open at all; a condition is decided per entity.
    private static IEnumerable<ToolDefinition> Openable(
        IOptionsMonitor<ToolLibraryOptions> options, IPermissionEvaluator permissions, Caller caller) =>
        options.CurrentValue.Library.Where(tool =>
            tool.Url is not null && permissions.Evaluate(caller, IntegrationsPermissions.ToolOpen(tool.Id)).Result != PermissionResult.Deny);

    private static IEnumerable<DeepLink> LinksOf(
        ToolDefinition tool, IEnumerable<CatalogEntity> scope, IPermissionEvaluator permissions, Caller caller) =>
        from entity in scope
        where permissions.Evaluate(
            caller,
            IntegrationsPermissions.ToolOpen(tool.Id),
            new PermissionResource(entity.Ref, entity.Owners, EntityLookup.Environment(entity))).IsAllowed
        from link in tool.Links
        where ToolLink.AppliesTo(link, entity)
        let url = ToolLink.Build(tool.Url!, link, entity, caller)
        where url is not null
        select new DeepLink(link.Title, url, entity.Ref);
}
