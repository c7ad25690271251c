using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Execution;

/// <summary>Somebody else runs the task now: this worker must not touch it any more.</summary>
internal sealed class LeaseLostException() : Exception("The task was given to another worker");

/// <summary>
/// A worker's claim on a task. Times are the database's, so replicas whose clocks differ agree on who is silent. A worker that cannot renew its
/// claim for as long as others wait stops by itself.
/// </summary>
internal sealed class TaskLease : IAsyncDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TaskOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Task _heartbeat;

    private TaskLease(Guid taskId, Guid id, IServiceScopeFactory scopes, TaskOptions options, TimeProvider time)
    {
        (TaskId, Id, _scopes, _options, _time) = (taskId, id, scopes, options, time);
        _heartbeat = BeatAsync();
    }

    public Guid TaskId { get; }

    public Guid Id { get; }

    /// <summary>Fires when the claim is gone.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Fires when somebody asked for the task to stop.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Claims a task that nobody runs; null when there is nothing to claim.</summary>
    public static async Task<TaskLease?> TryClaimAsync(
        Guid taskId, IServiceScopeFactory scopes, TaskOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>();
        var claimed = await db.Database.SqlQuery<string>(
            $"""
            update scaffolder.tasks
            set lease_id = {id}, lease_count = lease_count + 1, status = 'processing', last_heartbeat_at = clock_timestamp()
            where id = {taskId} and status in ('open', 'processing')
              and (lease_id is null or last_heartbeat_at < clock_timestamp() - {options.HeartbeatTimeout})
            returning created_by as "Value"
            """).ToListAsync(cancellationToken);
        if (claimed.Count == 0)
        {
            return null;
        }

        var lease = new TaskLease(taskId, id, scopes, options, time);
        await db.TellChangedAsync(ChangeSignals.Tasks, claimed, cancellationToken);
        return lease;
    }

    /// <summary>Leaves the task to whoever comes next, without waiting for silence.</summary>
    public async Task ReleaseAsync()
    {
        await using var scope = _scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>().Tasks
            .Where(t => t.Id == TaskId && t.LeaseId == Id)
            .ExecuteUpdateAsync(t => t
                .SetProperty(x => x.LeaseId, (Guid?)null)
                .SetProperty(x => x.LeaseCount, x => x.LeaseCount - 1)
                .SetProperty(x => x.QueuedAt, DateTimeOffset.UnixEpoch));
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _heartbeat;
        _ended.Dispose();
        _lost.Dispose();
        _cancelled.Dispose();
    }

    private async Task BeatAsync()
    {
        var lastBeat = _time.GetTimestamp();
        while (!_ended.IsCancellationRequested)
        {
            await Task.Delay(_options.HeartbeatInterval, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!_ended.IsCancellationRequested && !await RenewAsync())
                {
                    await _lost.CancelAsync();
                    return;
                }

                lastBeat = _time.GetTimestamp();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception) when (_time.GetElapsedTime(lastBeat) < _options.HeartbeatTimeout)
            {
                // The database may be back before others think that we are gone.
            }
            catch (Exception)
            {
                await _lost.CancelAsync();
                return;
            }
        }
    }

    private async Task<bool> RenewAsync()
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>();
        var answers = await db.Database.SqlQuery<bool>(
            $"""
            update scaffolder.tasks set last_heartbeat_at = clock_timestamp()
            where id = {TaskId} and lease_id = {Id} returning cancel_requested as "Value"
            """).ToListAsync(_ended.Token);
        if (answers is [true])
        {
            await _cancelled.CancelAsync();
        }

        return answers.Count == 1;
    }
}
