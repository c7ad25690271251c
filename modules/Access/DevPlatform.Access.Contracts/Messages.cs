using DevPlatform.Identity.Contracts;

namespace DevPlatform.Access.Contracts;

/// <summary>
/// Command: ask people for approval on behalf of another module (general approval workflow). Idempotent by <paramref name="ApprovalId"/>. The
/// decision comes as <see cref="ApprovalDecided"/>.
/// </summary>
/// <param name="ApprovalId">Chosen by the sender.</param>
/// <param name="SubjectType">What waits: <c>scaffolder.task</c>.</param>
/// <param name="SubjectId">Its id.</param>
/// <param name="Title">One line for the inbox.</param>
/// <param name="Reason">Why approval is needed, and the requester's justification.</param>
/// <param name="RequestedBy">Who asked; never an approver of it (INV-11).</param>
/// <param name="ApproverRoles">Realm roles, all of which must approve (AND), e.g. <c>dba-approver</c>.</param>
/// <param name="ResourceRef">Entity ref concerned, or null.</param>
/// <param name="Environment">development, staging or production, or null.</param>
public sealed record RequestApproval(
    Guid ApprovalId,
    string SubjectType,
    string SubjectId,
    string Title,
    string? Reason,
    Actor RequestedBy,
    IReadOnlyList<string> ApproverRoles,
    string? ResourceRef,
    string? Environment);

/// <summary>Command: nobody needs to decide any more (the subject was cancelled).</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Reason">Why.</param>
public sealed record CancelApproval(Guid ApprovalId, string Reason);

/// <summary>Event: an approval asked for with <see cref="RequestApproval"/> was decided or ran out.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="SubjectType">As asked.</param>
/// <param name="SubjectId">As asked.</param>
/// <param name="Decision"><c>approved</c>, <c>denied</c> or <c>expired</c>.</param>
/// <param name="DecidedBy">Refs of the deciders; empty when expired.</param>
/// <param name="Comment">The last decider's comment.</param>
/// <param name="DecidedAt">When.</param>
public sealed record ApprovalDecided(
    Guid ApprovalId,
    string SubjectType,
    string SubjectId,
    string Decision,
    IReadOnlyList<string> DecidedBy,
    string? Comment,
    DateTimeOffset DecidedAt);

/// <summary>Event: access became active.</summary>
/// <param name="RequestId">The access request.</param>
/// <param name="UserRef">Who has access.</param>
/// <param name="ResourceRef">To what.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record AccessGranted(Guid RequestId, string UserRef, string ResourceRef, DateTimeOffset ExpiresAt);

/// <summary>Event: active access ended.</summary>
/// <param name="RequestId">The access request.</param>
/// <param name="UserRef">Who had access.</param>
/// <param name="ResourceRef">To what.</param>
/// <param name="Cause"><c>expired</c> or <c>revoked</c>.</param>
public sealed record AccessEnded(Guid RequestId, string UserRef, string ResourceRef, string Cause);
