using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Hosting;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>
/// Puts tasks back on the queue whose worker went silent, or whose message was lost. Every replica sweeps; a task is queued again once per
/// interval whoever sees it first, and claiming decides who runs it. What dead processes left on this disk goes too.
/// </summary>
internal sealed class TaskSweeper(
    IServiceScopeFactory scopes, ScratchDirectory scratch, IOptions<ScaffolderOptions> options, TimeProvider time, ILogger<TaskSweeper> logger) : AfterStartService
{
    protected override async Task ExecuteAfterStartAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                scratch.DeleteAbandoned();
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "Looking for interrupted tasks failed; trying again");
            }

            await Task.Delay(options.Value.Tasks.SweepInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox<ScaffolderDbContext>>();
        var timeout = options.Value.Tasks.HeartbeatTimeout;
        await using var transaction = await outbox.DbContext.Database.BeginTransactionAsync(cancellationToken);
        // An open task waits for a free worker, not for a dead one: its message is repeated rarely, to move it to a replica with room.
        var ids = await outbox.DbContext.Database.SqlQuery<Guid>(
            $"""
            update scaffolder.tasks set queued_at = clock_timestamp()
            where id in (
              select id from scaffolder.tasks
              where (status = 'processing' and (lease_id is null or last_heartbeat_at < clock_timestamp() - {timeout})
                     and queued_at < clock_timestamp() - {timeout})
                 or (status = 'open' and queued_at < clock_timestamp() - {timeout * 3})
              order by queued_at limit 100 for update skip locked)
            returning id as "Value"
            """).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return;
        }

        foreach (var id in ids)
        {
            await outbox.PublishAsync(new RunTask(id));
        }

        await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
        logger.LogInformation("Queued {Count} interrupted tasks again", ids.Count);
    }
}
