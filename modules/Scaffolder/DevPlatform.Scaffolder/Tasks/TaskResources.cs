using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Data;
using DevPlatform.Shared.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Scaffolder.Tasks;

/// <summary>Who started a task, and where it acts: the portal asks for each task's page whether it may be cancelled and started over.</summary>
internal sealed class TaskResources(IServiceScopeFactory scopes) : IPermissionResources
{
    public string ResourceType => ScaffolderPermissions.TaskResource;

    public async ValueTask<PermissionResource?> FindAsync(string resourceRef, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(resourceRef, out var id))
        {
            return null;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ScaffolderDbContext>();
        return await db.Tasks.Where(t => t.Id == id).Select(t => ResourceOf(t.Id, t.CreatedBy, t.Environment)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>A task as permissions see it.</summary>
    public static PermissionResource ResourceOf(Guid id, string createdBy, string? environment) => new(id.ToString(), [createdBy], environment);
}
