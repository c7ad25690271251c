using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Wolverine;
using Wolverine.RDBMS;
using Wolverine.Runtime;

namespace DevPlatform.Shared.Messaging;

/// <summary>
/// Saves a module's changes and the messages about them in one transaction: either both are there after a crash or neither. Wolverine's
/// durability agent delivers what was committed but not yet sent. (What WolverineFx.EntityFrameworkCore's <c>IDbContextOutbox</c> does; that
/// package cannot be restored everywhere this is built.)
/// </summary>
/// <remarks>Publish first or change entities first, in any order; nothing leaves before <see cref="SaveChangesAndFlushMessagesAsync"/>.</remarks>
public sealed class Outbox<TDbContext>(IWolverineRuntime runtime, TDbContext dbContext)
    where TDbContext : DbContext
{
    private MessageContext? _messages;
    private Guid _enlistedIn;

    /// <summary>The module's DbContext, the same instance that the scope has.</summary>
    public TDbContext DbContext { get; } = dbContext;

    /// <summary>Sends a message when the transaction commits.</summary>
    public async ValueTask PublishAsync<T>(T message)
        where T : notnull => await (await EnlistAsync()).PublishAsync(message);

    /// <summary>Sends a message at <paramref name="at"/> (at once if that has passed) if the transaction commits.</summary>
    public async ValueTask ScheduleAsync<T>(T message, DateTimeOffset at)
        where T : notnull => await (await EnlistAsync()).ScheduleAsync(message, at);

    /// <summary>Saves, commits, and lets the messages go. The outbox may be used again, for the next transaction.</summary>
    public async Task SaveChangesAndFlushMessagesAsync(CancellationToken cancellationToken)
    {
        await DbContext.SaveChangesAsync(cancellationToken);
        if (DbContext.Database.CurrentTransaction is not null)
        {
            await DbContext.Database.CommitTransactionAsync(cancellationToken);
        }

        if (_messages is { } messages)
        {
            _messages = null;
            await messages.FlushOutgoingMessagesAsync();
        }
    }

    // A message context flushes once, so each transaction has its own.
    private async ValueTask<MessageContext> EnlistAsync()
    {
        var transaction = DbContext.Database.CurrentTransaction ?? await DbContext.Database.BeginTransactionAsync();
        if (_messages is not null && _enlistedIn == transaction.TransactionId)
        {
            return _messages;
        }

        var messages = new MessageContext(runtime);
        if (!messages.TryFindMessageDatabase(out var database))
        {
            throw new InvalidOperationException("Wolverine has no message database: call AddPlatformMessaging before using the outbox.");
        }

        await messages.EnlistInOutboxAsync(new DatabaseEnvelopeTransaction(database!, transaction.GetDbTransaction()));
        (_messages, _enlistedIn) = (messages, transaction.TransactionId);
        return messages;
    }
}
