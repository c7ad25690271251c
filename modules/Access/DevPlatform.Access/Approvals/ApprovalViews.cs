using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Approvals;

/// <summary>A person in an answer.</summary>
/// <param name="Ref">Entity ref.</param>
/// <param name="Name">Display name, or null.</param>
internal sealed record PersonView(string Ref, string? Name);

/// <summary>One approver's answer.</summary>
/// <param name="By">Who.</param>
/// <param name="Decision">approve or deny.</param>
/// <param name="Comment">Why.</param>
/// <param name="At">When.</param>
internal sealed record VoteView(PersonView By, string Decision, string? Comment, DateTimeOffset At);

/// <summary>An approval as the inbox shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SubjectType">access.request, access.extension, scaffolder.task, …</param>
/// <param name="SubjectId">Id of what waits.</param>
/// <param name="Title">One line.</param>
/// <param name="Reason">The justification.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Resource">Entity ref concerned, or null.</param>
/// <param name="Environment">development, staging or production, or null.</param>
/// <param name="State">Pending, Approved, Denied, Expired or Cancelled.</param>
/// <param name="Approvers">Groups, all of which must approve; in a group, whoever holds one of the keys (<c>role:…</c>, <c>lead:…</c>).</param>
/// <param name="Reviews">The answers so far.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="EscalatedAt">When it escalated, or null.</param>
/// <param name="ExpiresAt">When it expires unless decided.</param>
/// <param name="DecidedAt">When it ended, or null.</param>
/// <param name="Actions">What the caller may do now: <c>review</c>, or nothing.</param>
internal sealed record ApprovalView(
    Guid Id,
    string SubjectType,
    string SubjectId,
    string Title,
    string? Reason,
    PersonView RequestedBy,
    string? Resource,
    string? Environment,
    string State,
    IReadOnlyList<IReadOnlyList<string>> Approvers,
    IReadOnlyList<VoteView> Reviews,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EscalatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? DecidedAt,
    IReadOnlyList<string> Actions);

/// <summary>Reads approvals as a caller may see them.</summary>
internal sealed class ApprovalViews(AccessDbContext db, ApproverDirectory approvers, IPermissionEvaluator permissions)
{
    /// <summary>One's own, those one is an approver of, and all for who may end others' access.</summary>
    public IQueryable<Approval> VisibleTo(Caller caller)
    {
        if (permissions.Evaluate(caller, AccessPermissions.RequestRevoke).IsAllowed)
        {
            return db.Approvals.AsNoTracking();
        }

        var keys = approvers.KeysOf(caller);
        return db.Approvals.AsNoTracking().Where(a => a.RequesterRef == caller.UserRef || a.ApproverKeys.Any(k => keys.Contains(k)));
    }

    /// <summary>Those that wait for the caller's answer.</summary>
    public IQueryable<Approval> ToReviewBy(Caller caller)
    {
        if (!permissions.Evaluate(caller, AccessPermissions.RequestReview).IsAllowed)
        {
            return db.Approvals.AsNoTracking().Where(a => false);
        }

        var keys = approvers.KeysOf(caller);
        return db.Approvals.AsNoTracking()
            .Where(a => a.State == ApprovalState.Pending && a.RequesterRef != caller.UserRef && a.ApproverKeys.Any(k => keys.Contains(k)));
    }

    /// <exception cref="NotFoundException">There is none, or none that the caller may see.</exception>
    public async Task<ApprovalView> OfAsync(Guid id, Caller caller, CancellationToken cancellationToken) =>
        Of(await VisibleTo(caller).SingleOrDefaultAsync(a => a.Id == id, cancellationToken) ?? throw new NotFoundException($"No approval {id}"), caller);

    public ApprovalView Of(Approval approval, Caller caller) => new(
        approval.Id, approval.SubjectType, approval.SubjectId, approval.Title, approval.Reason, new(approval.RequesterRef, approval.RequestedBy.Name),
        approval.ResourceRef, approval.Environment, approval.State.ToString(), approval.Rule.AllOf,
        [.. approval.Votes.Select(v => new VoteView(new(v.By.UserRef, v.By.Name), v.Approve ? "approve" : "deny", v.Comment, v.At))],
        approval.CreatedAt, approval.EscalatedAt, approval.ExpiresAt, approval.DecidedAt, MayReview(approval, caller) ? ["review"] : []);

    public bool MayReview(Approval approval, Caller caller) =>
        approval.State == ApprovalState.Pending
        && !approval.IsRequestedBy(caller.ToActor())
        && !approval.Votes.Any(v => v.By.UserRef == caller.UserRef)
        && approval.Rule.Concerns(approvers.KeysOf(caller))
        && permissions.Evaluate(caller, AccessPermissions.RequestReview).IsAllowed;
}
