using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DevPlatform.Scaffolder.Tasks;

internal static class GetTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v2/tasks/{taskId}", GetAsync)
            .WithSummary("One task")
            .WithDescription("Spec, status and times; secrets are never part of it. 404 unknown task.")
            .RequirePermission(ScaffolderPermissions.TaskRead);

    private static async Task<JsonObject> GetAsync(string taskId, HttpContext http, ScaffolderDbContext db) =>
        TaskDocuments.Task(await TaskReading.LoadAsync(http, db, taskId, ScaffolderPermissions.TaskRead));
}
