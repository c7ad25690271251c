using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Requests;

internal static class ListRequestsEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/requests", ListAsync)
            .RequirePermission(AccessPermissions.RequestRead)
            .WithSummary("Access requests")
            .WithDescription(
                "Newest first: view=mine (default), toReview (those that wait for the caller) or all (that the caller may see); resource (entity ref) "
                + "and state (may be repeated) filter. limit 1–100, default 20; cursor is the nextCursor of the page before.");
        group.MapGet("/requests/{id:guid}", (Guid id, Caller caller, AccessViews views, CancellationToken cancellationToken) => views.OfAsync(id, caller, cancellationToken))
            .RequirePermission(AccessPermissions.RequestRead)
            .WithSummary("One access request")
            .WithDescription("404 for one that the caller may not see.");
    }

    private static async Task<Page<AccessRequestView>> ListAsync(
        Caller caller, AccessViews views, ApprovalViews approvals, HttpContext http, string? view, string? resource, string[]? state, int? limit, string? cursor)
    {
        var requests = views.VisibleTo(caller);
        switch (Paging.OneOf("view", view ?? "mine", "mine", "toReview", "all"))
        {
            case "mine":
                requests = requests.Where(r => r.RequesterRef == caller.UserRef);
                break;
            case "toReview":
                var open = approvals.ToReviewBy(caller).Select(a => a.Id);
                requests = requests.Where(r => r.State == AccessState.Pending && r.ApprovalId != null && open.Contains(r.ApprovalId.Value));
                break;
        }

        if (resource is not null)
        {
            var wanted = EntityRef.TryParse(resource, out var parsed, "resource")
                ? parsed.ToString()
                : throw InputException.For("resource", resource, "an entity reference, [<kind>:][<namespace>/]<name>");
            requests = requests.Where(r => r.ResourceRef == wanted);
        }

        if (state is { Length: > 0 })
        {
            var wanted = Paging.States<AccessState>(state);
            requests = requests.Where(r => wanted.Contains(r.State));
        }

        if (Paging.Cursor(cursor) is { } after)
        {
            requests = requests.Where(r => r.Id < after);
        }

        var size = Paging.Limit(limit);
        var found = await requests.OrderByDescending(r => r.Id).Take(size + 1).ToListAsync(http.RequestAborted);
        var shown = await views.OfAsync([.. found.Take(size)], caller, http.RequestAborted);
        return new(shown, found.Count > size ? shown[^1].Id.ToString() : null);
    }
}
