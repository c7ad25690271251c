using System.Globalization;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>A task's log: by long poll and as server-sent events, live, resumable with <c>after</c>.</summary>
internal static class TaskEventEndpoints
{
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/tasks/{taskId}/events", PollAsync)
            .WithSummary("A task's log, by long poll")
            .WithDescription("Events after the id `after`, in order; waits up to 30 s for the first, then answers `[]`.")
            .RequirePermission(ScaffolderPermissions.TaskRead);
        routes.MapGet("/v2/tasks/{taskId}/eventstream", StreamAsync)
            .WithSummary("A task's log, as server-sent events")
            .WithDescription("Events after the id `after` (or header Last-Event-ID), live, until the completion event.")
            .RequirePermission(ScaffolderPermissions.TaskRead);
    }

    private static async Task<JsonArray> PollAsync(
        string taskId, string? after, HttpContext http, ScaffolderDbContext db, TaskNotifications notifications, TimeProvider time)
    {
        var task = await TaskReading.LoadAsync(http, db, taskId, ScaffolderPermissions.TaskRead);
        var from = ParseAfter(after);
        using var life = LongResponse.Begin(http);
        using var subscription = notifications.Subscribe(task.Id);
        var started = time.GetTimestamp();
        while (!life.End.IsCancellationRequested)
        {
            var events = await ReadAsync(db, task.Id, from, http.RequestAborted);
            if (events.Count > 0 || time.GetElapsedTime(started) >= LongPoll)
            {
                return new JsonArray([.. events.Select(TaskDocuments.Event)]);
            }

            await subscription.WaitAsync(PollInterval, life.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Nothing until the session, the token or this replica ended: the next request is answered accordingly.
        return [];
    }

    private static async Task StreamAsync(
        string taskId, string? after, HttpContext http, ScaffolderDbContext db, IServiceScopeFactory scopes, TaskNotifications notifications, TimeProvider time)
    {
        var task = await TaskReading.LoadAsync(http, db, taskId, ScaffolderPermissions.TaskRead);
        // A client that comes again repeats its query, and says in the header what it has seen since.
        var last = Math.Max(ParseAfter(after), ParseAfter(http.Request.Headers["Last-Event-ID"].FirstOrDefault(), "Last-Event-ID"));
        await EventStream.RunAsync(http, async stream =>
        {
            using var subscription = notifications.Subscribe(task.Id);
            var lastWrite = time.GetTimestamp();
            while (true)
            {
                // A context per look: a stream may live for an hour, and must not hold on to what it read.
                await using var scope = scopes.CreateAsyncScope();
                var events = await ReadAsync(scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>(), task.Id, last, stream.End);
                foreach (var line in events)
                {
                    await stream.WriteAsync(line.Type, TaskDocuments.Event(line).ToJsonString(), line.Id);
                    last = Math.Max(last, line.Id);
                    lastWrite = time.GetTimestamp();
                }

                if (events.Any(e => e.Type == TaskEvents.Completion))
                {
                    return;
                }

                if (time.GetElapsedTime(lastWrite) > KeepAlive)
                {
                    await stream.KeepAliveAsync();
                    lastWrite = time.GetTimestamp();
                }

                await stream.FlushAsync();
                await subscription.WaitAsync(PollInterval, stream.End);
            }
        });
    }

    /// <summary>Events after an id; the completion is always among them. What happened before a retry is history and not shown.</summary>
    private static Task<List<TaskEvent>> ReadAsync(ScaffolderDbContext db, Guid taskId, long after, CancellationToken cancellationToken) =>
        db.Events.AsNoTracking()
            .Where(e => e.TaskId == taskId && (e.Id > after || e.Type == TaskEvents.Completion))
            .Where(e => e.Id >= (db.Events.Where(r => r.TaskId == taskId && r.Type == TaskEvents.Recovered).Max(r => (long?)r.Id) ?? 0))
            .OrderBy(e => e.Id)
            .ToListAsync(cancellationToken);

    private static long ParseAfter(string? after, string name = "after") => after switch
    {
        null or "" => 0,
        _ when long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var id) => id,
        _ => throw InputException.For(name, after, "the id of an event"),
    };
}
