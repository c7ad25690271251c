using DevPlatform.Access.Approvals;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Shared.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace DevPlatform.Access.Requests;

/// <summary>
/// Looks for what is overdue: messages that came too late, were given up, or belong to a replica that died and whose successor has not been
/// chosen yet. The handlers do nothing twice, so the sweep and the scheduled messages do not disturb each other.
/// </summary>
internal sealed class AccessSweep(
    NpgsqlDataSource dataSource, IServiceScopeFactory scopes, IOptionsMonitor<AccessOptions> options, TimeProvider time, ILogger<AccessSweep> logger)
    : SingletonService(dataSource, time, logger)
{
    private const int BatchSize = 100;
    private readonly TimeProvider _time = time;

    protected override string LockName => "access:sweep";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.CurrentValue.SweepInterval, _time);
        do
        {
            await SweepAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        foreach (var command in await OverdueAsync(scope.ServiceProvider.GetRequiredService<AccessDbContext>(), cancellationToken))
        {
            try
            {
                await bus.InvokeAsync(command, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                logger.LogError(e, "{Command} failed and will be tried again", command);
            }
        }
    }

    // The scheduled message comes first, normally: what it has a moment for is not overdue.
    private async Task<List<object>> OverdueAsync(AccessDbContext db, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var overdue = now - options.CurrentValue.SweepInterval;
        // One question for all four: it is asked every few seconds, and the answer is nearly always nothing.
        var ended = db.Requests.Where(r => r.State == AccessState.Active && r.ExpiresAt <= overdue)
            .OrderBy(r => r.ExpiresAt).Select(r => new { What = Overdue.Access, r.Id }).Take(BatchSize);
        var leases = db.Requests.Where(r => r.Credential.DueAt <= overdue)
            .OrderBy(r => r.Credential.DueAt).Select(r => new { What = Overdue.Lease, r.Id }).Take(BatchSize);
        var untold = db.Requests.Where(r => r.Teleport.DueAt <= overdue)
            .OrderBy(r => r.Teleport.DueAt).Select(r => new { What = Overdue.Teleport, r.Id }).Take(BatchSize);
        var approvals = db.Approvals
            .Where(a => a.State == ApprovalState.Pending && (a.ExpiresAt <= overdue || (a.EscalateAt <= overdue && a.EscalatedAt == null)))
            .OrderBy(a => a.ExpiresAt).Select(a => new { What = Overdue.Approval, a.Id }).Take(BatchSize);
        var found = await ended.Concat(leases).Concat(untold).Concat(approvals).ToListAsync(cancellationToken);
        return [.. found.OrderBy(f => f.What).Select(f => CommandFor(f.What, f.Id))];
    }

    private static object CommandFor(Overdue what, Guid id) => what switch
    {
        Overdue.Access => new ExpireAccess(id),
        Overdue.Lease => new SyncLease(id),
        Overdue.Teleport => new SyncTeleport(id),
        _ => new CheckApproval(id),
    };

    private enum Overdue
    {
        Access,
        Lease,
        Teleport,
        Approval,
    }
}
