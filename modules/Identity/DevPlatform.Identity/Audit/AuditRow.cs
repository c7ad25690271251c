using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Identity.Audit;

/// <summary>One event of the audit trail, as stored in <c>identity.audit_events</c>. Never changed, never deleted: a trigger forbids it.</summary>
public sealed class AuditRow
{
    /// <summary>Place in the chain, from 1, without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>The event's own id; one event is stored once.</summary>
    public Guid EventId { get; init; }

    /// <summary>When it happened, to the microsecond.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>Entity ref of who did it.</summary>
    public required string ActorRef { get; init; }

    /// <summary>The token's <c>sub</c>.</summary>
    public string? ActorSubject { get; init; }

    /// <summary>The Keycloak session.</summary>
    public string? SessionId { get; init; }

    /// <summary>What was done, dotted.</summary>
    public required string Action { get; init; }

    /// <summary>On what.</summary>
    public string? Resource { get; init; }

    /// <summary>success, denied or failure.</summary>
    public required string Result { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Trace id of the HTTP request.</summary>
    public string? RequestId { get; init; }

    /// <summary>The scaffolder task.</summary>
    public string? TaskId { get; init; }

    /// <summary>The Git commit.</summary>
    public string? Commit { get; init; }

    /// <summary>JSON before a metadata change.</summary>
    public string? Before { get; init; }

    /// <summary>JSON after it.</summary>
    public string? After { get; init; }

    /// <summary>Hash of the row before; 64 zeros in the first.</summary>
    public required string PreviousHash { get; init; }

    /// <summary>SHA-256 over <see cref="PreviousHash"/> and every other member, lower-case hexadecimal.</summary>
    public string Hash { get; private set; } = "";

    internal AuditRow Seal()
    {
        Hash = AuditChain.HashOf(this);
        return this;
    }
}

internal sealed class AuditRowConfiguration : IEntityTypeConfiguration<AuditRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> row)
    {
        row.ToTable("audit_events");
        row.HasKey(r => r.Sequence);
        row.Property(r => r.Sequence).HasColumnName("sequence").ValueGeneratedNever();
        row.Property(r => r.EventId).HasColumnName("event_id");
        row.Property(r => r.OccurredAt).HasColumnName("occurred_at");
        row.Property(r => r.ActorRef).HasColumnName("actor_ref");
        row.Property(r => r.ActorSubject).HasColumnName("actor_subject");
        row.Property(r => r.SessionId).HasColumnName("session_id");
        row.Property(r => r.Action).HasColumnName("action");
        row.Property(r => r.Resource).HasColumnName("resource");
        row.Property(r => r.Result).HasColumnName("result");
        row.Property(r => r.Reason).HasColumnName("reason");
        row.Property(r => r.RequestId).HasColumnName("request_id");
        row.Property(r => r.TaskId).HasColumnName("task_id");
        row.Property(r => r.Commit).HasColumnName("commit");
        row.Property(r => r.Before).HasColumnName("before");
        row.Property(r => r.After).HasColumnName("after");
        row.Property(r => r.PreviousHash).HasColumnName("previous_hash").HasMaxLength(AuditChain.HashLength).IsFixedLength();
        row.Property(r => r.Hash).HasColumnName("hash").HasMaxLength(AuditChain.HashLength).IsFixedLength();
        row.HasIndex(r => r.EventId).IsUnique();
        row.HasIndex(r => new { r.ActorRef, r.Sequence });
        row.HasIndex(r => new { r.Resource, r.Sequence });
        row.HasIndex(r => new { r.Action, r.Sequence });
    }
}
