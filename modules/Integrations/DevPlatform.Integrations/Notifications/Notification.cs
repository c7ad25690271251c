using DevPlatform.Integrations.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace DevPlatform.Integrations.Notifications;

/// <summary>Something told to an audience.</summary>
public sealed class Notification
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What was told last; see <see cref="Notify"/>.</summary>
    public required string Key { get; set; }

    /// <summary>Whom it concerns.</summary>
    public required List<string> Audience { get; set; }

    /// <summary>Ref of a user whom it does not concern all the same.</summary>
    public string? Except { get; init; }

    /// <summary>Refs of further users and of groups whom it does not concern.</summary>
    public List<string> Excluded { get; init; } = [];

    /// <summary>Who tells.</summary>
    public required string Origin { get; init; }

    /// <summary>What users may turn off.</summary>
    public string? Topic { get; set; }

    /// <summary>What it is about.</summary>
    public string? Scope { get; init; }

    /// <summary>How much it matters.</summary>
    public NotificationSeverity Severity { get; set; }

    /// <summary>One line.</summary>
    public required string Title { get; set; }

    /// <summary>More.</summary>
    public string? Description { get; set; }

    /// <summary>Where it leads.</summary>
    public string? Link { get; set; }

    /// <summary>Backstage's name of an icon.</summary>
    public string? Icon { get; set; }

    /// <summary>More about it: a JSON object.</summary>
    public string? Metadata { get; set; }

    /// <summary>When it was told first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was told anew, or null.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>What users did with it.</summary>
    public List<NotificationMark> Marks { get; } = [];
}

/// <summary>What one user did with a notification.</summary>
public sealed class NotificationMark
{
    /// <summary>Which.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>Who.</summary>
    public required string UserRef { get; init; }

    /// <summary>When it was read; null when it is unread.</summary>
    public DateTimeOffset? ReadAt { get; set; }

    /// <summary>When it was saved; null when it is not.</summary>
    public DateTimeOffset? SavedAt { get; set; }
}

/// <summary>What a user wants to be told.</summary>
public sealed class NotificationSetting
{
    /// <summary>Who.</summary>
    public required string UserRef { get; init; }

    /// <summary>Origins and topics that are turned off, in the form of <see cref="MutedTopics.Name"/>.</summary>
    public required List<string> Muted { get; set; }
}

internal sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> row)
    {
        row.ToTable("notifications");
        row.Property(n => n.Id).HasColumnName("id").ValueGeneratedNever();
        row.Property(n => n.Key).HasColumnName("key");
        row.Property(n => n.Audience).HasColumnName("audience");
        row.Property(n => n.Except).HasColumnName("except_ref");
        row.Property(n => n.Excluded).HasColumnName("excluded").HasDefaultValueSql("'{}'");
        row.Property(n => n.Origin).HasColumnName("origin");
        row.Property(n => n.Topic).HasColumnName("topic");
        row.Property(n => n.Scope).HasColumnName("scope");
        row.Property(n => n.Severity).HasColumnName("severity");
        row.Property(n => n.Title).HasColumnName("title");
        row.Property(n => n.Description).HasColumnName("description");
        row.Property(n => n.Link).HasColumnName("link");
        row.Property(n => n.Icon).HasColumnName("icon");
        row.Property(n => n.Metadata).HasColumnName("metadata").HasColumnType("json");
        row.Property(n => n.CreatedAt).HasColumnName("created_at");
        row.Property(n => n.UpdatedAt).HasColumnName("updated_at");
        row.HasMany(n => n.Marks).WithOne().HasForeignKey(m => m.NotificationId);
        row.HasIndex(n => n.Audience).HasMethod("gin").HasDatabaseName("ix_notifications_audience");
        row.HasIndex(n => n.Key).IsUnique().HasDatabaseName("ix_notifications_key");
        row.HasIndex(n => new { n.Origin, n.Scope }).HasDatabaseName("ix_notifications_origin_scope");
        row.HasIndex(n => n.CreatedAt).HasDatabaseName("ix_notifications_created_at");
    }
}

internal sealed class NotificationMarkConfiguration : IEntityTypeConfiguration<NotificationMark>
{
    public void Configure(EntityTypeBuilder<NotificationMark> row)
    {
        row.ToTable("notification_marks");
        row.HasKey(m => new { m.NotificationId, m.UserRef });
        row.Property(m => m.NotificationId).HasColumnName("notification_id");
        row.Property(m => m.UserRef).HasColumnName("user_ref").HasMaxLength(320);
        row.Property(m => m.ReadAt).HasColumnName("read_at");
        row.Property(m => m.SavedAt).HasColumnName("saved_at");
    }
}

internal sealed class NotificationSettingConfiguration : IEntityTypeConfiguration<NotificationSetting>
{
    public void Configure(EntityTypeBuilder<NotificationSetting> row)
    {
        row.ToTable("notification_settings");
        row.HasKey(s => s.UserRef);
        row.Property(s => s.UserRef).HasColumnName("user_ref").HasMaxLength(320);
        row.Property(s => s.Muted).HasColumnName("muted");
    }
}
