using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Catalog.Storage;

/// <summary>One change of one entity; rows outlive the entity.</summary>
public sealed class HistoryRow
{
    public long Seq { get; set; }

    public required string EntityRef { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary><c>registered</c>, <c>discovered</c>, <c>updated</c> or <c>deleted</c>.</summary>
    public required string Change { get; set; }

    /// <summary>A user's entity ref, or the part of the platform.</summary>
    public required string By { get; set; }

    public string? TaskId { get; set; }

    /// <summary>The file, <c>&lt;type&gt;:&lt;target&gt;</c>.</summary>
    public string? Source { get; set; }

    /// <summary>The commit of that file.</summary>
    public string? Revision { get; set; }

    public string? LifecycleFrom { get; set; }

    public string? LifecycleTo { get; set; }

    public string? OwnerFrom { get; set; }

    public string? OwnerTo { get; set; }

    /// <summary>JSON array of <c>{field, from, to}</c>.</summary>
    public string? Fields { get; set; }
}

internal sealed class HistoryConfiguration : IEntityTypeConfiguration<HistoryRow>
{
    public void Configure(EntityTypeBuilder<HistoryRow> history)
    {
        history.ToTable("history");
        history.HasKey(h => h.Seq);
        history.Property(h => h.Seq).HasColumnName("seq").UseIdentityAlwaysColumn();
        history.Property(h => h.EntityRef).HasColumnName("entity_ref").UseCollation("C");
        history.Property(h => h.At).HasColumnName("at");
        history.Property(h => h.Change).HasColumnName("change");
        history.Property(h => h.By).HasColumnName("by");
        history.Property(h => h.TaskId).HasColumnName("task_id");
        history.Property(h => h.Source).HasColumnName("source");
        history.Property(h => h.Revision).HasColumnName("revision");
        history.Property(h => h.LifecycleFrom).HasColumnName("lifecycle_from");
        history.Property(h => h.LifecycleTo).HasColumnName("lifecycle_to");
        history.Property(h => h.OwnerFrom).HasColumnName("owner_from");
        history.Property(h => h.OwnerTo).HasColumnName("owner_to");
        history.Property(h => h.Fields).HasColumnName("fields");
        history.HasIndex(h => new { h.EntityRef, h.Seq }).HasDatabaseName("ix_history_entity_ref");
        history.HasIndex(h => h.At).HasDatabaseName("ix_history_at");
    }
}
