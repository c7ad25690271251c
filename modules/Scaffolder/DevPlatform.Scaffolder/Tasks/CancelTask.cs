using System.Text.Json.Nodes;
using DevPlatform.Access.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Wolverine;

namespace DevPlatform.Scaffolder.Tasks;

internal static class CancelTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/v2/tasks/{taskId}/cancel", CancelAsync)
            .WithSummary("Stop a task")
            .WithDescription("A running step is stopped within seconds; a task that waits ends at once; one that has ended stays as it is. 404 unknown task.")
            .RequirePermission(ScaffolderPermissions.TaskCancel);

    private static async Task<JsonObject> CancelAsync(
        string taskId, HttpContext http, Caller caller, ScaffolderDbContext db, TaskEnding ending, IMessageBus bus)
    {
        var task = await TaskReading.LoadAsync(http, db, taskId, ScaffolderPermissions.TaskCancel);
        // First the mark, which a worker that claims the task right now will see; then the end, if nobody has claimed it.
        await db.Tasks
            .Where(t => t.Id == task.Id && t.FinishedAt == null)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.CancelRequested, true), http.RequestAborted);
        if (task.Status is TaskStatuses.Open or TaskStatuses.AwaitingApproval)
        {
            var ended = await ending.EndAsync(
                task, TaskStatuses.Cancelled, new TaskError("Error", $"The task was cancelled by {caller.UserRef}"), null, null, caller.ToActor());
            if (ended && task is { Status: TaskStatuses.AwaitingApproval, ApprovalId: { } approval })
            {
                await bus.PublishAsync(new CancelApproval(approval, $"Task {task.Id} was cancelled"));
            }
        }

        return new JsonObject { ["status"] = TaskStatuses.Cancelled };
    }
}
