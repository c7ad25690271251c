using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Requests;
using DevPlatform.Identity.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Approvals;

/// <summary>Another module asks people for approval.</summary>
public static class RequestApprovalHandler
{
    /// <summary>Opens the approval unless it is there already.</summary>
    public static Task HandleAsync(RequestApproval command, AccessTransaction transaction, ApprovalDesk desk, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                if (!await outbox.DbContext.Approvals.AnyAsync(a => a.Id == command.ApprovalId, cancellationToken))
                {
                    await desk.OpenAsync(outbox, new NewApproval(
                        command.ApprovalId, command.SubjectType, command.SubjectId, command.Title, command.Reason, command.RequestedBy,
                        desk.RuleOf(command.ApproverRoles), command.ResourceRef, command.Environment));
                }
            },
            cancellationToken);
}

/// <summary>The approval is needed no more.</summary>
public static class CancelApprovalHandler
{
    /// <summary>Cancels it if nobody has decided it yet.</summary>
    public static Task HandleAsync(CancelApproval command, AccessTransaction transaction, ApprovalDesk desk, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                var approval = await outbox.DbContext.Approvals.SingleOrDefaultAsync(a => a.Id == command.ApprovalId, cancellationToken);
                if (approval is not null)
                {
                    await desk.CancelAsync(outbox, approval, Actor.Platform, command.Reason);
                }
            },
            cancellationToken);
}

/// <summary>The time of an approval has come.</summary>
public static class CheckApprovalHandler
{
    /// <summary>Escalates or expires it, if it is due.</summary>
    public static Task HandleAsync(CheckApproval command, AccessTransaction transaction, ApprovalDesk desk, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                var approval = await outbox.DbContext.Approvals.SingleOrDefaultAsync(a => a.Id == command.ApprovalId, cancellationToken);
                if (approval is not null)
                {
                    await desk.CheckAsync(outbox, approval);
                }
            },
            cancellationToken);
}
