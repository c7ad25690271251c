using DevPlatform.Access.Data;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Vault;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Access.Credentials;

/// <summary>
/// Brings a credential's lease to what its request's state says: revoked once the access is over, or lengthened with it. While Vault does not
/// answer it tries again, until Vault confirms.
/// </summary>
internal sealed class LeaseSync(
    AccessTransaction transaction, AccessTransitions transitions, IServiceScopeFactory scopes, VaultClient vault, AccessMetrics metrics, TimeProvider time,
    ILogger<LeaseSync> logger)
    : ILeaseSync
{
    public async Task RunAsync(Guid requestId, CancellationToken cancellationToken)
    {
        AccessRequest? request;
        await using (var scope = scopes.CreateAsyncScope())
        {
            request = await scope.ServiceProvider.GetRequiredService<AccessDbContext>().Requests.AsNoTracking()
                .SingleOrDefaultAsync(r => r.Id == requestId, cancellationToken);
        }

        if (request?.Credential is not { LeaseId: { } leaseId, DueAt: { } due } || due > time.GetUtcNow())
        {
            return;
        }

        try
        {
            await TellAsync(request, leaseId, cancellationToken);
            await transaction.RunAsync(outbox => ConcludeAsync(outbox, request, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is VaultException or HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("Vault could not be told about the lease of access request {RequestId}: {Reason}", requestId, e.Message);
            metrics.Postponed("vault");
            await transaction.RunAsync(outbox => PostponeAsync(outbox, requestId, cancellationToken), cancellationToken);
        }
    }

    private async Task TellAsync(AccessRequest request, string leaseId, CancellationToken cancellationToken)
    {
        if (request.State.IsFinal())
        {
            await vault.RevokeLeaseAsync(leaseId, cancellationToken);
        }
        else if (request.ExpiresAt - time.GetUtcNow() is { TotalSeconds: >= 1 } remaining)
        {
            await vault.RenewLeaseAsync(leaseId, remaining, cancellationToken);
        }
    }

    private async Task ConcludeAsync(Outbox<AccessDbContext> outbox, AccessRequest seen, CancellationToken cancellationToken)
    {
        var request = await outbox.DbContext.Requests.SingleAsync(r => r.Id == seen.Id, cancellationToken);
        if ((request.State, request.ExpiresAt) != (seen.State, seen.ExpiresAt) || request.Credential.DueAt is null)
        {
            return; // It went on meanwhile; the message about that is on its way.
        }

        request.Credential.DueAt = null;
        request.Credential.Attempts = 0;
        if (request.State.IsFinal())
        {
            request.Credential.RevokedAt = time.GetUtcNow();
            await transitions.RecordAsync(outbox, request, Actor.Platform, "credential.revoke", $"Lease {request.Credential.LeaseId}");
        }
    }

    private async Task PostponeAsync(Outbox<AccessDbContext> outbox, Guid requestId, CancellationToken cancellationToken)
    {
        var request = await outbox.DbContext.Requests.SingleAsync(r => r.Id == requestId, cancellationToken);
        if (request.Credential.DueAt is not null)
        {
            request.Credential.DueAt = time.GetUtcNow() + Backoff.After(request.Credential.Attempts++);
            await outbox.ScheduleAsync(new SyncLease(requestId), request.Credential.DueAt.Value);
        }
    }
}

/// <summary>What the message handler needs; message handlers are public, the rest is not.</summary>
public interface ILeaseSync
{
    /// <summary>Tells Vault, or plans to try again.</summary>
    Task RunAsync(Guid requestId, CancellationToken cancellationToken);
}

/// <summary>Vault has to be told about a lease.</summary>
public static class SyncLeaseHandler
{
    /// <summary>Tells it; failures are postponed, not thrown.</summary>
    public static Task HandleAsync(SyncLease command, ILeaseSync sync, CancellationToken cancellationToken) => sync.RunAsync(command.RequestId, cancellationToken);
}
