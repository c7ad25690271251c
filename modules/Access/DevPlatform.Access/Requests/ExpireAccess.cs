using DevPlatform.Access.Approvals;
using DevPlatform.Access.Data;
using DevPlatform.Identity.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Requests;

/// <summary>The time of an access is over.</summary>
public static class ExpireAccessHandler
{
    /// <summary>Ends it, if it is active and over; an extension meanwhile has sent its own message.</summary>
    public static Task HandleAsync(
        ExpireAccess command, AccessTransaction transaction, AccessTransitions transitions, ApprovalDesk desk, TimeProvider time, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                var request = await outbox.DbContext.Requests.SingleOrDefaultAsync(r => r.Id == command.RequestId, cancellationToken);
                if (request is not { State: AccessState.Active } || request.ExpiresAt > time.GetUtcNow())
                {
                    return;
                }

                var extension = request.Extension?.ApprovalId;
                await transitions.ApplyAsync(outbox, request, AccessState.Expired, Actor.Platform, "Its time is over");
                if (extension is not null)
                {
                    var approval = await outbox.DbContext.Approvals.SingleAsync(a => a.Id == extension, cancellationToken);
                    await desk.CancelAsync(outbox, approval, Actor.Platform, "The access ended before its extension was decided");
                }
            },
            cancellationToken);
}
