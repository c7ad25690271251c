using System.Diagnostics;
using DevPlatform.Identity.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Shared.Audit;

internal sealed class AuditTrail(TimeProvider time, IServiceScopeFactory scopes) : IAuditTrail
{
    public RecordAuditEvent Event(
        Actor actor, string action, string? resource, string result, string? reason = null, string? taskId = null, string? commit = null) =>
        new(Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow(), actor, action, resource, result, reason,
            Activity.Current?.TraceId.ToString(), taskId, commit);

    public async Task RecordAsync(Actor actor, string action, string? resource, string result, string? reason = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().PublishAsync(Event(actor, action, resource, result, reason));
    }
}
