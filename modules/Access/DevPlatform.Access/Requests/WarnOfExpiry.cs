using DevPlatform.Access.Data;
using DevPlatform.Integrations.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Requests;

/// <summary>The time of an access is nearly over.</summary>
public static class WarnOfExpiryHandler
{
    internal static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    /// <summary>Tells the user, if it is active and about to end; an extension meanwhile has sent its own message.</summary>
    public static Task HandleAsync(WarnOfExpiry command, AccessTransaction transaction, TimeProvider time, CancellationToken cancellationToken) =>
        transaction.RunAsync(
            async outbox =>
            {
                var request = await outbox.DbContext.Requests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == command.RequestId, cancellationToken);
                if (request is { State: AccessState.Active, ExpiresAt: { } end } && end - time.GetUtcNow() is var left && left > TimeSpan.Zero && left <= Before)
                {
                    await outbox.PublishAsync(new Notify(
                        $"access:{request.Id}:expires:{end.ToUnixTimeSeconds()}", [request.RequesterRef], "access", "access",
                        $"Your access to {request.ResourceRef[(request.ResourceRef.LastIndexOf('/') + 1)..]} ends soon", $"At {end.UtcDateTime:HH:mm} UTC",
                        PortalLinks.AccessRequest(request.Id), NotificationSeverity.High, $"access-request:{request.Id}"));
                }
            },
            cancellationToken);
}
