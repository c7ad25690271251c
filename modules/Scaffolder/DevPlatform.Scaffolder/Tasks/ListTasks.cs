using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Scaffolder.Tasks;

internal static class ListTasksEndpoint
{
    private const int MaxLimit = 1000;

    private static readonly Dictionary<string, Expression<Func<ScaffolderTask, object>>> OrderFields = new(StringComparer.Ordinal)
    {
        ["created_at"] = t => t.CreatedAt,
        ["status"] = t => t.Status,
        ["created_by"] = t => t.CreatedBy,
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v2/tasks", ListAsync)
            .WithSummary("Tasks")
            .WithDescription(
                "Those the caller may see, newest first. Query: createdBy*, status*, order* (`desc:created_at`; fields created_at, status, created_by), limit, offset.")
            .RequirePermission(ScaffolderPermissions.TaskRead);

    private static async Task<JsonObject> ListAsync(HttpContext http, ScaffolderDbContext db)
    {
        var query = http.Request.Query;
        var limit = Number(query["limit"], "limit") ?? MaxLimit;
        var offset = Number(query["offset"], "offset") ?? 0;
        var tasks = db.Tasks.AsNoTracking().Visible(http.GetDecision());
        if (Values(query["createdBy"]) is { Length: > 0 } createdBy)
        {
            tasks = tasks.Where(t => createdBy.Contains(t.CreatedBy));
        }

        if (Values(query["status"]) is { Length: > 0 } status)
        {
            tasks = tasks.Where(t => status.Contains(t.Status));
        }

        var total = await tasks.CountAsync(http.RequestAborted);
        var page = await Ordered(tasks, Values(query["order"])).Skip(offset).Take(Math.Min(limit, MaxLimit)).ToListAsync(http.RequestAborted);
        return new JsonObject { ["tasks"] = new JsonArray([.. page.Select(TaskDocuments.Task)]), ["totalTasks"] = total };
    }

    private static IQueryable<ScaffolderTask> Ordered(IQueryable<ScaffolderTask> tasks, string[] orders)
    {
        IOrderedQueryable<ScaffolderTask>? ordered = null;
        foreach (var order in orders.DefaultIfEmpty("desc:created_at"))
        {
            var parts = order.Split(':', 2);
            if (parts is not [("asc" or "desc") and var direction, var name] || !OrderFields.TryGetValue(name, out var field))
            {
                throw new InputException(
                    $"Invalid order field \"{parts[^1]}\": \"order\" is not valid: found \"{order}\"; allowed: asc:<field> or desc:<field> with {string.Join(", ", OrderFields.Keys)}");
            }

            ordered = (ordered, direction) switch
            {
                (null, "asc") => tasks.OrderBy(field),
                (null, _) => tasks.OrderByDescending(field),
                (_, "asc") => ordered.ThenBy(field),
                _ => ordered.ThenByDescending(field),
            };
        }

        return ordered!.ThenBy(t => t.Id);
    }

    private static int? Number(string? text, string field) => text switch
    {
        null => null,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw InputException.For(field, text, "a number of 0 or more"),
    };

    private static string[] Values(Microsoft.Extensions.Primitives.StringValues values) => [.. values.OfType<string>().Where(v => v.Length > 0)];
}
