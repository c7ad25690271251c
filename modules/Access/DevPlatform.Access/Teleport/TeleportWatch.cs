using DevPlatform.Access.Data;
using DevPlatform.Access.Requests;
using DevPlatform.Access.Teleport.Protos;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Storage;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Access.Teleport;

/// <summary>
/// Follows what happens to our access requests in Teleport itself: when security denies or deletes one there, the grant ends here, and with it
/// the credential. (An approval there changes nothing: approvers are this platform's policy.)
/// </summary>
internal sealed class TeleportWatch(
    NpgsqlDataSource dataSource, AccessTransaction transaction, AccessTransitions transitions, IServiceScopeFactory scopes, TeleportClient teleport,
    IOptionsMonitor<TeleportOptions> options, TimeProvider time, ILogger<TeleportWatch> logger)
    : SingletonService(dataSource, time, logger)
{
    private readonly TimeProvider _time = time;

    protected override string LockName => "access:teleport-watch";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                if (options.CurrentValue.IsConfigured)
                {
                    await foreach (var change in teleport.WatchAsync(cancellationToken))
                    {
                        failures = 0;
                        await (change is { } seen ? FollowAsync(seen.Id, seen.State, cancellationToken) : CatchUpAsync(cancellationToken));
                    }
                }
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("The watch on Teleport ended and will begin again: {Status} {Detail}", e.StatusCode, e.Status.Detail);
            }

            await Task.Delay(Backoff.After(failures), _time, cancellationToken);
        }
    }

    // What happened while nobody listened.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var active = await scope.ServiceProvider.GetRequiredService<AccessDbContext>().Requests
            .Where(r => r.State == AccessState.Active && r.Teleport.RequestId != null).Select(r => r.Teleport.RequestId!).ToListAsync(cancellationToken);
        foreach (var id in active)
        {
            await FollowAsync(id, (await teleport.GetAsync(id, cancellationToken))?.State, cancellationToken);
        }
    }

    private async Task FollowAsync(string teleportId, RequestState? state, CancellationToken cancellationToken)
    {
        if (state is null or RequestState.Denied)
        {
            await transaction.RunAsync(
                async outbox =>
                {
                    var request = await outbox.DbContext.Requests.SingleOrDefaultAsync(
                        r => r.Teleport.RequestId == teleportId && r.State == AccessState.Active, cancellationToken);
                    // A request that is over disappears from Teleport in time; that is no revocation.
                    if (request is not null && request.ExpiresAt > _time.GetUtcNow())
                    {
                        await transitions.ApplyAsync(outbox, request, AccessState.Revoked, Actor.Platform, state is null ? "Deleted in Teleport" : "Denied in Teleport");
                    }
                },
                cancellationToken);
        }
    }
}
