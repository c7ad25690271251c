using System.Linq.Expressions;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>Loads a task for a caller, and turns permission conditions into predicates for lists.</summary>
internal static class TaskReading
{
    /// <summary>The condition that lets people see their own tasks.</summary>
    public static readonly RuleDescription OwnerRule =
        new("IS_TASK_OWNER", "Allow tasks created by the specified users", ScaffolderPermissions.TaskResource, "createdBy", IsList: true);

    /// <exception cref="NotFoundException">No such task.</exception>
    /// <exception cref="NotAllowedException">Not the caller's.</exception>
    public static async Task<ScaffolderTask> LoadAsync(HttpContext http, ScaffolderDbContext db, string taskId, Permission permission)
    {
        var task = Guid.TryParse(taskId, out var id)
            ? await db.Tasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, http.RequestAborted)
            : null;
        if (task is null)
        {
            throw new NotFoundException($"Task with id {taskId} does not exist");
        }

        await http.AuthorizeAsync(permission, TaskResources.ResourceOf(task.Id, task.CreatedBy, task.Environment));
        return task;
    }

    /// <summary>The tasks a decision lets its caller see; a rule that says nothing about tasks lets none through.</summary>
    public static IQueryable<ScaffolderTask> Visible(this IQueryable<ScaffolderTask> tasks, PermissionDecision decision) => decision.Result switch
    {
        PermissionResult.Allow => tasks,
        PermissionResult.Conditional when decision.Conditions is { } criteria => tasks.Where(Predicate(criteria)),
        _ => tasks.Where(_ => false),
    };

    private static Expression<Func<ScaffolderTask, bool>> Predicate(PermissionCriteria criteria)
    {
        var task = Expression.Parameter(typeof(ScaffolderTask), "task");
        return Expression.Lambda<Func<ScaffolderTask, bool>>(Build(criteria, task), task);
    }

    private static Expression Build(PermissionCriteria criteria, ParameterExpression task)
    {
        if (criteria.AllOf is { } all)
        {
            return all.Select(c => Build(c, task)).Aggregate((Expression)Expression.Constant(true), Expression.AndAlso);
        }

        if (criteria.AnyOf is { } any)
        {
            return any.Select(c => Build(c, task)).Aggregate((Expression)Expression.Constant(false), Expression.OrElse);
        }

        if (criteria.Not is { } not)
        {
            return Expression.Not(Build(not, task));
        }

        if (criteria.Rule is { Name: "HAS_LABEL" } label && label.Parameters.GetValueOrDefault("label") is ["devplatform.io/environment"])
        {
            return Contains(label.Parameters.GetValueOrDefault("value"), nameof(ScaffolderTask.Environment));
        }

        return Contains(criteria.Rule?.Name switch
        {
            "IS_TASK_OWNER" => criteria.Rule.Parameters.GetValueOrDefault("createdBy"),
            "IS_ENTITY_OWNER" => criteria.Rule.Parameters.GetValueOrDefault("claims"),
            _ => null,
        }, nameof(ScaffolderTask.CreatedBy));

        MethodCallExpression Contains(IReadOnlyList<string>? values, string property) => Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Contains), [typeof(string)],
            Expression.Constant(values?.ToArray() ?? []), Expression.Property(task, property));
    }
}
