using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Requests;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Approvals;

/// <summary>Body of <c>POST …/review</c>.</summary>
/// <param name="Decision">approve or deny.</param>
/// <param name="Comment">For the requester and the audit trail.</param>
internal sealed record ReviewBody(string? Decision, string? Comment)
{
    private const int LongestComment = 1000;

    public bool Approves() => Decision switch
    {
        "approve" => true,
        "deny" => false,
        _ => throw InputException.For("decision", Decision, "approve, deny"),
    };

    public string? CleanComment() => Comment is { Length: > LongestComment }
        ? throw InputException.For("comment", $"{Comment.Length} characters", $"at most {LongestComment} characters")
        : string.IsNullOrWhiteSpace(Comment) ? null : Comment.Trim();
}

/// <summary>The rules of reviewing, the same for every subject.</summary>
internal sealed class Reviewer(ApprovalDesk desk, AccessTransaction transaction, IAuditTrail audit, ApproverDirectory approvers, TimeProvider time)
{
    /// <exception cref="NotAllowedException">It is the caller's own, or the caller is none of its approvers.</exception>
    /// <exception cref="ConflictException">It is no longer pending, or the caller has answered.</exception>
    public Task ReviewAsync(Func<AccessDbContext, Task<Approval>> find, ReviewBody body, Caller caller, CancellationToken cancellationToken)
    {
        var (approves, comment) = (body.Approves(), body.CleanComment());
        return transaction.RunAsync(
            async (Outbox<AccessDbContext> outbox) =>
            {
                var approval = await find(outbox.DbContext);
                if (approval.IsRequestedBy(caller.ToActor()))
                {
                    throw await RefuseAsync(caller, approval, "Nobody decides about their own request");
                }

                var keys = approvers.KeysOf(caller).Intersect(approval.Rule.Keys).ToArray();
                if (keys.Length == 0)
                {
                    throw await RefuseAsync(caller, approval, $"Only {string.Join(", ", approval.Rule.Keys)} may decide this");
                }

                await desk.DecideAsync(outbox, approval, new Vote(caller.ToActor(), approves, comment, time.GetUtcNow(), keys));
            },
            cancellationToken);
    }

    private async Task<NotAllowedException> RefuseAsync(Caller caller, Approval approval, string reason)
    {
        await audit.RecordAsync(caller.ToActor(), "access.approval.review", $"approval:{approval.Id}", AuditResult.Denied, reason);
        return new NotAllowedException(reason);
    }
}

internal static class ReviewApprovalEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/approvals/{id:guid}/review", ReviewApprovalAsync)
            .RequirePermission(AccessPermissions.RequestReview)
            .WithSummary("Approve or deny")
            .WithDescription("Decides an approval that any module asked for. 403: it is one's own, or for other approvers. 409: it is no longer pending.");
        group.MapPost("/requests/{id:guid}/review", ReviewRequestAsync)
            .RequirePermission(AccessPermissions.RequestReview)
            .WithSummary("Approve or deny an access request")
            .WithDescription("As reviewing its approval. 409 tells the request's current state.");
    }

    private static async Task<ApprovalView> ReviewApprovalAsync(
        Guid id, ReviewBody body, Caller caller, Reviewer reviewer, ApprovalViews views, CancellationToken cancellationToken)
    {
        await reviewer.ReviewAsync(
            async db => await db.Approvals.SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw new NotFoundException($"No approval {id}"),
            body, caller, cancellationToken);
        return await views.OfAsync(id, caller, cancellationToken);
    }

    private static async Task<AccessRequestView> ReviewRequestAsync(
        Guid id, ReviewBody body, Caller caller, Reviewer reviewer, AccessViews views, HttpContext http)
    {
        await reviewer.ReviewAsync(db => ApprovalOfAsync(db, id, caller), body, caller, http.RequestAborted);
        return await views.OfAsync(id, caller, http.RequestAborted);
    }

    private static async Task<Approval> ApprovalOfAsync(AccessDbContext db, Guid id, Caller caller)
    {
        var request = await db.Requests.SingleOrDefaultAsync(r => r.Id == id) ?? throw new NotFoundException($"No access request {id}");
        var own = request.RequesterRef == caller.UserRef;
        if (request.ApprovalId is { } approvalId && (own || request.State == AccessState.Pending))
        {
            return await db.Approvals.SingleAsync(a => a.Id == approvalId);
        }

        throw own
            ? new NotAllowedException("Nobody decides about their own request")
            : new ConflictException($"Access request {id} is {request.State}; only one that is Pending can be reviewed");
    }
}
