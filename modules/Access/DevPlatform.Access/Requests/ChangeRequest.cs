using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Requests;

/// <summary>Body of cancel and revoke; may be left out.</summary>
/// <param name="Reason">Why, for the audit trail.</param>
internal sealed record ReasonBody(string? Reason);

/// <summary>Withdrawing a request, and ending access early.</summary>
internal static class ChangeRequestEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/requests/{id:guid}/cancel", CancelAsync)
            .RequirePermission(AccessPermissions.RequestCreate)
            .WithSummary("Withdraw one's own pending request")
            .WithDescription("403: somebody else's. 409 with the current state: it is no longer pending.");
        group.MapPost("/requests/{id:guid}/revoke", RevokeAsync)
            .RequireSignIn("one's own access may always be given back; others' needs access.request.revoke, checked inside")
            .WithSummary("End access early")
            .WithDescription("By the requester, or with access.request.revoke. The credential's lease is revoked. 409 with the current state: it is neither approved nor active.");
    }

    private static async Task<AccessRequestView> CancelAsync(
        Guid id, ReasonBody? body, Caller caller, AccessTransaction transaction, AccessTransitions transitions, ApprovalDesk desk, AccessViews views,
        CancellationToken cancellationToken)
    {
        await transaction.RunAsync(
            async outbox =>
            {
                var request = await FindAsync(outbox.DbContext, id, cancellationToken);
                if (request.RequesterRef != caller.UserRef)
                {
                    throw new NotAllowedException("Only the requester may withdraw a request");
                }

                await transitions.ApplyAsync(outbox, request, AccessState.Cancelled, caller.ToActor(), body?.Reason);
                if (request.ApprovalId is { } approvalId)
                {
                    var approval = await outbox.DbContext.Approvals.SingleAsync(a => a.Id == approvalId, cancellationToken);
                    await desk.CancelAsync(outbox, approval, caller.ToActor(), body?.Reason ?? "Withdrawn by the requester");
                }
            },
            cancellationToken);
        return await views.OfAsync(id, caller, cancellationToken);
    }

    private static async Task<AccessRequestView> RevokeAsync(
        Guid id, ReasonBody? body, Caller caller, HttpContext http, AccessTransaction transaction, AccessTransitions transitions, ApprovalDesk desk, AccessViews views)
    {
        await transaction.RunAsync(
            async outbox =>
            {
                var request = await FindAsync(outbox.DbContext, id, http.RequestAborted);
                if (request.RequesterRef != caller.UserRef)
                {
                    await http.AuthorizeAsync(AccessPermissions.RequestRevoke, new PermissionResource(request.ResourceRef, Environment: request.Environment));
                }

                var extension = request.Extension?.ApprovalId;
                await transitions.ApplyAsync(outbox, request, AccessState.Revoked, caller.ToActor(), body?.Reason ?? $"Revoked by {caller.UserRef}");
                if (extension is not null)
                {
                    var approval = await outbox.DbContext.Approvals.SingleAsync(a => a.Id == extension, http.RequestAborted);
                    await desk.CancelAsync(outbox, approval, caller.ToActor(), "The access was revoked");
                }
            },
            http.RequestAborted);
        return await views.OfAsync(id, caller, http.RequestAborted);
    }

    internal static async Task<AccessRequest> FindAsync(AccessDbContext db, Guid id, CancellationToken cancellationToken) =>
        await db.Requests.SingleOrDefaultAsync(r => r.Id == id, cancellationToken) ?? throw new NotFoundException($"No access request {id}");
}
