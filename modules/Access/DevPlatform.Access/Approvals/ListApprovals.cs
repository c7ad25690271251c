using DevPlatform.Access.Contracts;
using DevPlatform.Access.Requests;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Approvals;

internal static class ListApprovalsEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/approvals", ListAsync)
            .RequirePermission(AccessPermissions.RequestRead)
            .WithSummary("The review inbox")
            .WithDescription(
                "Approvals of all modules, newest first: view=toReview (default; those that wait for the caller), mine (asked by the caller) or all "
                + "(that the caller may see); state (may be repeated) filters. limit 1–100, default 20; cursor is the nextCursor of the page before.");
        group.MapGet("/approvals/{id:guid}", (Guid id, Caller caller, ApprovalViews views, CancellationToken cancellationToken) => views.OfAsync(id, caller, cancellationToken))
            .RequirePermission(AccessPermissions.RequestRead)
            .WithSummary("One approval")
            .WithDescription("404 for one that the caller may not see.");
    }

    private static async Task<Page<ApprovalView>> ListAsync(
        Caller caller, ApprovalViews views, HttpContext http, string? view, string[]? state, int? limit, string? cursor)
    {
        var approvals = Paging.OneOf("view", view ?? "toReview", "toReview", "mine", "all") switch
        {
            "toReview" => views.ToReviewBy(caller),
            "mine" => views.VisibleTo(caller).Where(a => a.RequesterRef == caller.UserRef),
            _ => views.VisibleTo(caller),
        };
        if (state is { Length: > 0 })
        {
            var wanted = Paging.States<ApprovalState>(state);
            approvals = approvals.Where(a => wanted.Contains(a.State));
        }

        if (Paging.Cursor(cursor) is { } after)
        {
            approvals = approvals.Where(a => a.Id < after);
        }

        var size = Paging.Limit(limit);
        var found = await approvals.OrderByDescending(a => a.Id).Take(size + 1).ToListAsync(http.RequestAborted);
        return Paging.PageOf(found, size, a => a.Id, a => views.Of(a, caller));
    }
}
