using DevPlatform.Access.Requests;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Messaging;
using DevPlatform.Shared.Signals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Access.Data;

/// <summary>
/// One change of state: loads, decides, saves with its messages. When somebody else changed the same rows meanwhile, it decides again on what
/// they left, so that the answer (often a 409) is about the state that is there.
/// </summary>
public sealed class AccessTransaction(IServiceScopeFactory scopes)
{
    private const int Attempts = 5;

    internal async Task<T> RunAsync<T>(Func<Outbox<AccessDbContext>, Task<T>> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = scopes.CreateAsyncScope();
            var outbox = scope.ServiceProvider.GetRequiredService<Outbox<AccessDbContext>>();
            try
            {
                var result = await decide(outbox);
                await TellChangedAsync(outbox.DbContext, cancellationToken);
                await outbox.SaveChangesAndFlushMessagesAsync(cancellationToken);
                return result;
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // Decided again, in a fresh scope.
            }
            catch (DbUpdateConcurrencyException)
            {
                throw new ConflictException("Others are changing the same request at this moment; try again");
            }
        }
    }

    /// <summary>Pages that show what is changed look again.</summary>
    private static async Task TellChangedAsync(AccessDbContext db, CancellationToken cancellationToken)
    {
        if (db.ChangeTracker.HasChanges())
        {
            _ = db.Database.CurrentTransaction ?? await db.Database.BeginTransactionAsync(cancellationToken);
            await db.TellChangedAsync(ChangeSignals.Access, await AccessAudience.OfChangesAsync(db, cancellationToken), cancellationToken);
        }
    }

    internal Task RunAsync(Func<Outbox<AccessDbContext>, Task> decide, CancellationToken cancellationToken) =>
        RunAsync(
            async outbox =>
            {
                await decide(outbox);
                return true;
            },
            cancellationToken);
}
