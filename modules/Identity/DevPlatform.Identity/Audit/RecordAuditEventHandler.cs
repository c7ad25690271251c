using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Data;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Identity.Audit;

/// <summary>Appends to the audit trail: in order, once per event, across replicas.</summary>
public static class RecordAuditEventHandler
{
    /// <summary>Held until the row is committed, so that the next writer chains to it.</summary>
    private const string LockName = "identity:audit-chain";

    /// <summary>Handles the command; a redelivered one changes nothing.</summary>
    public static async Task Handle(RecordAuditEvent message, IdentityDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({LockName}, 0))", cancellationToken);
        if (await db.AuditEvents.AnyAsync(r => r.EventId == message.EventId, cancellationToken))
        {
            return;
        }

        var last = await db.AuditEvents.AsNoTracking().OrderByDescending(r => r.Sequence)
            .Select(r => new { r.Sequence, r.Hash }).FirstOrDefaultAsync(cancellationToken);
        db.AuditEvents.Add(RowOf(message, (last?.Sequence ?? 0) + 1, last?.Hash ?? AuditChain.Genesis));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static AuditRow RowOf(RecordAuditEvent message, long sequence, string previousHash) => new AuditRow
    {
        Sequence = sequence,
        EventId = message.EventId,
        OccurredAt = AuditChain.Truncate(message.OccurredAt),
        ActorRef = message.Actor.UserRef,
        ActorSubject = message.Actor.Subject,
        SessionId = message.Actor.SessionId,
        Action = message.Action,
        Resource = message.Resource,
        Result = message.Result,
        Reason = message.Reason,
        RequestId = message.RequestId,
        TaskId = message.TaskId,
        Commit = message.Commit,
        Before = message.Before,
        After = message.After,
        PreviousHash = previousHash,
    }.Seal();
}
