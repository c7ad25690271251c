using DevPlatform.Access.Data;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Teleport.Protos;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Errors;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Access.Teleport;

/// <summary>
/// Brings Teleport to what a request's state says. It compares rather than replays, so it may run again at any time; while Teleport is down
/// the request stays as it is and is tried again until it gets through or its time has passed.
/// </summary>
internal sealed class TeleportSync(
    AccessTransaction transaction, AccessTransitions transitions, IServiceScopeFactory scopes, TeleportClient teleport, AccessMetrics metrics, TimeProvider time,
    ILogger<TeleportSync> logger)
    : ITeleportSync
{
    public async Task RunAsync(Guid requestId, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(requestId, cancellationToken);
        if (request?.Teleport.DueAt is not { } due || due > time.GetUtcNow())
        {
            return;
        }

        try
        {
            var told = await TellAsync(request, cancellationToken);
            await transaction.RunAsync(outbox => ConcludeAsync(outbox, request, told, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is RpcException or ServiceUnavailableException or IOException or FormatException && !cancellationToken.IsCancellationRequested)
        {
            var reason = e is RpcException rpc ? $"{rpc.StatusCode}: {rpc.Status.Detail}" : e.Message;
            logger.LogWarning("Teleport could not be told about access request {RequestId}: {Reason}", requestId, reason);
            metrics.Postponed("teleport");
            await transaction.RunAsync(outbox => PostponeAsync(outbox, requestId, reason, cancellationToken), cancellationToken);
        }
    }

    private async Task<TeleportRequest?> TellAsync(AccessRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (request.State is AccessState.Approved or AccessState.Active && !IsTooLate(request, now))
        {
            var until = request.ExpiresAt ?? now + request.Duration;
            var found = await teleport.FindAsync(request, cancellationToken);
            var remote = found is { State: not RequestState.Denied } && found.Until > now ? found : await teleport.CreateAsync(request, until, cancellationToken);
            if (remote.State != RequestState.Approved)
            {
                await teleport.ApproveAsync(remote.Id, await ApproversAsync(request, cancellationToken), cancellationToken);
            }

            return remote.Until < until ? remote : remote with { Until = until };
        }

        if (request.State.IsFinal() && (request.Teleport.RequestId ?? (await teleport.FindAsync(request, cancellationToken))?.Id) is { } id)
        {
            await teleport.DenyAsync(id, request.Message, cancellationToken);
        }

        return null;
    }

    private async Task ConcludeAsync(
        Shared.Messaging.Outbox<AccessDbContext> outbox, AccessRequest seen, TeleportRequest? told, CancellationToken cancellationToken)
    {
        var request = await outbox.DbContext.Requests.SingleAsync(r => r.Id == seen.Id, cancellationToken);
        request.Teleport.RequestId = told?.Id ?? request.Teleport.RequestId;
        if ((request.State, request.Teleport.Generation) != (seen.State, seen.Teleport.Generation))
        {
            return; // It went on meanwhile; the message about that is on its way.
        }

        request.Teleport.DueAt = null;
        request.Teleport.Attempts = 0;
        if (request.State != AccessState.Approved)
        {
            return;
        }

        if (told is null)
        {
            await transitions.ApplyAsync(outbox, request, AccessState.Expired, Actor.Platform, "It could not begin in time");
        }
        else
        {
            await transitions.ApplyAsync(outbox, request, AccessState.Active, Actor.Platform, null, told.Until);
        }
    }

    private async Task PostponeAsync(Shared.Messaging.Outbox<AccessDbContext> outbox, Guid requestId, string reason, CancellationToken cancellationToken)
    {
        var request = await outbox.DbContext.Requests.SingleAsync(r => r.Id == requestId, cancellationToken);
        if (request.Teleport.DueAt is null)
        {
            return;
        }

        if (request.State == AccessState.Approved && IsTooLate(request, time.GetUtcNow()))
        {
            await transitions.ApplyAsync(outbox, request, AccessState.Expired, Actor.Platform, $"It could not begin in time; Teleport: {reason}");
            return;
        }

        if (!request.State.IsFinal())
        {
            request.Message = $"Waiting for Teleport: {reason}";
        }

        request.Teleport.DueAt = time.GetUtcNow() + Backoff.After(request.Teleport.Attempts++);
        await outbox.ScheduleAsync(new SyncTeleport(requestId), request.Teleport.DueAt.Value);
    }

    private static bool IsTooLate(AccessRequest request, DateTimeOffset now) => now >= (request.ExpiresAt ?? request.ActivationDeadline);

    private async Task<string> ApproversAsync(AccessRequest request, CancellationToken cancellationToken)
    {
        if (request.ApprovalId is null)
        {
            return "policy";
        }

        await using var scope = scopes.CreateAsyncScope();
        var approval = await scope.ServiceProvider.GetRequiredService<AccessDbContext>().Approvals.AsNoTracking()
            .SingleAsync(a => a.Id == request.ApprovalId, cancellationToken);
        return string.Join(", ", approval.Votes.Select(v => v.By.UserRef));
    }

    private async Task<AccessRequest?> ReadAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessDbContext>().Requests.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
    }
}

/// <summary>What the message handler needs; message handlers are public, the rest is not.</summary>
public interface ITeleportSync
{
    /// <summary>Tells Teleport, or plans to try again.</summary>
    Task RunAsync(Guid requestId, CancellationToken cancellationToken);
}

/// <summary>Teleport has to be told about a request.</summary>
public static class SyncTeleportHandler
{
    /// <summary>Tells it; failures are postponed, not thrown.</summary>
    public static Task HandleAsync(SyncTeleport command, ITeleportSync sync, CancellationToken cancellationToken) =>
        sync.RunAsync(command.RequestId, cancellationToken);
}
