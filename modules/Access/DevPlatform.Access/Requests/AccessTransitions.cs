using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Messaging;

namespace DevPlatform.Access.Requests;

/// <summary>The one place where an access request changes state: with its audit event, and with the messages for what follows from it.</summary>
public sealed class AccessTransitions(IAuditTrail audit, AccessMetrics metrics, TimeProvider time)
{
    internal async Task CreatedAsync(Outbox<AccessDbContext> outbox, AccessRequest request)
    {
        outbox.DbContext.Requests.Add(request);
        metrics.Transition(request);
        await RecordAsync(outbox, request, request.RequestedBy, AccessState.Pending.Verb(), Summary(request));
    }

    /// <param name="until">The end of the grant, when it becomes active.</param>
    internal async Task ApplyAsync(
        Outbox<AccessDbContext> outbox, AccessRequest request, AccessState to, Actor actor, string? reason, DateTimeOffset? until = null)
    {
        var now = time.GetUtcNow();
        var from = request.State;
        request.Become(to, now, reason, until);
        metrics.Transition(request);
        await RecordAsync(outbox, request, actor, to.Verb(), reason);
        switch (to)
        {
            case AccessState.Approved:
                await TellTeleportAsync(outbox, request, request.StartAt > now ? request.StartAt.Value : now);
                break;
            case AccessState.Active:
                await outbox.PublishAsync(new AccessGranted(request.Id, request.RequesterRef, request.ResourceRef, request.ExpiresAt!.Value));
                await ScheduleEndAsync(outbox, request, now);
                break;
            default:
                await EndAsync(outbox, request, from, now);
                break;
        }
    }

    internal async Task ExtendAsync(Outbox<AccessDbContext> outbox, AccessRequest request, TimeSpan by, Actor actor, string reason)
    {
        request.Extend(by);
        await RecordAsync(outbox, request, actor, "extend", reason);
        await ScheduleEndAsync(outbox, request, time.GetUtcNow());
        await TellTeleportAsync(outbox, request, time.GetUtcNow());
        if (request.Credential is { LeaseId: not null, RevokedAt: null })
        {
            await TellVaultAsync(outbox, request);
        }
    }

    /// <summary>Plans what Vault has to be told, and sends the message that tells it.</summary>
    internal async Task TellVaultAsync(Outbox<AccessDbContext> outbox, AccessRequest request)
    {
        request.Credential.DueAt = time.GetUtcNow();
        request.Credential.Attempts = 0;
        await outbox.PublishAsync(new SyncLease(request.Id));
    }

    internal async Task RecordAsync(Outbox<AccessDbContext> outbox, AccessRequest request, Actor actor, string verb, string? reason) =>
        await outbox.PublishAsync(audit.Event(actor, $"access.request.{verb}", $"access-request:{request.Id}", AuditResult.Success, reason));

    private static async Task ScheduleEndAsync(Outbox<AccessDbContext> outbox, AccessRequest request, DateTimeOffset now)
    {
        var end = request.ExpiresAt!.Value;
        await outbox.ScheduleAsync(new ExpireAccess(request.Id), end);
        // Who has it only for moments knows.
        if (end - now > 2 * WarnOfExpiryHandler.Before)
        {
            await outbox.ScheduleAsync(new WarnOfExpiry(request.Id), end - WarnOfExpiryHandler.Before);
        }
    }

    private async Task EndAsync(Outbox<AccessDbContext> outbox, AccessRequest request, AccessState from, DateTimeOffset now)
    {
        if (request.Credential is { LeaseId: not null, RevokedAt: null })
        {
            await TellVaultAsync(outbox, request);
        }

        if (from == AccessState.Active)
        {
            var cause = request.State == AccessState.Expired ? "expired" : "revoked";
            await outbox.PublishAsync(new AccessEnded(request.Id, request.RequesterRef, request.ResourceRef, cause));
        }

        // Teleport's own request ends when the grant does; only an early end is news to it.
        if (request.State == AccessState.Revoked || (from == AccessState.Approved && request.State == AccessState.Expired))
        {
            await TellTeleportAsync(outbox, request, now);
        }
        else
        {
            request.Teleport.DueAt = null;
        }
    }

    private async Task TellTeleportAsync(Outbox<AccessDbContext> outbox, AccessRequest request, DateTimeOffset at)
    {
        request.Teleport.DueAt = at;
        request.Teleport.Attempts = 0;
        if (at > time.GetUtcNow())
        {
            await outbox.ScheduleAsync(new SyncTeleport(request.Id), at);
        }
        else
        {
            await outbox.PublishAsync(new SyncTeleport(request.Id));
        }
    }

    private static string Summary(AccessRequest request) =>
        $"{request.AccessType} access to {request.ResourceRef} ({request.Target}, {request.Environment}) for {DurationText.Format(request.Duration)}: {request.Justification}";
}
