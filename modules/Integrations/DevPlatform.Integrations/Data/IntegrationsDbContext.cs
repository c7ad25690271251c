using DevPlatform.Integrations.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DevPlatform.Integrations.Data;

/// <summary>Schema <c>integrations</c>.</summary>
public sealed class IntegrationsDbContext(DbContextOptions<IntegrationsDbContext> options) : DbContext(options)
{
    internal const string Schema = "integrations";

    /// <summary>Favorite tools of users.</summary>
    public DbSet<FavoriteTool> FavoriteTools => Set<FavoriteTool>();

    /// <summary>What was told to people.</summary>
    public DbSet<Notification> Notifications => Set<Notification>();

    /// <summary>What people do not want to be told.</summary>
    public DbSet<NotificationSetting> NotificationSettings => Set<NotificationSetting>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(IntegrationsDbContext).Assembly);
        modelBuilder.Entity<FavoriteTool>(favorite =>
        {
            favorite.ToTable("favorite_tools");
            favorite.HasKey(f => new { f.UserRef, f.ToolId });
            favorite.Property(f => f.UserRef).HasColumnName("user_ref").HasMaxLength(320);
            favorite.Property(f => f.ToolId).HasColumnName("tool_id").HasMaxLength(64);
            favorite.Property(f => f.CreatedAt).HasColumnName("created_at");
        });
        modelBuilder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.ToTable("webhook_deliveries");
            delivery.HasKey(d => d.Digest);
            delivery.Property(d => d.Digest).HasColumnName("digest");
            delivery.Property(d => d.ReceivedAt).HasColumnName("received_at");
            delivery.HasIndex(d => d.ReceivedAt).HasDatabaseName("ix_webhook_deliveries_received_at");
        });
    }
}

/// <summary>A tool that a user marked.</summary>
public sealed class FavoriteTool
{
    /// <summary>Whose.</summary>
    public required string UserRef { get; init; }

    /// <summary>Which.</summary>
    public required string ToolId { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A webhook that was received.</summary>
public sealed class WebhookDelivery
{
    /// <summary>Its source and a digest of its body.</summary>
    public required string Digest { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

internal sealed class DesignTimeDbContextFactory : IDesignTimeDbContextFactory<IntegrationsDbContext>
{
    public IntegrationsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<IntegrationsDbContext>().UseNpgsql("Host=design-time").Options);
}
