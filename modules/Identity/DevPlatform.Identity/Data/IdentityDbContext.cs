using DevPlatform.Identity.Audit;
using DevPlatform.Identity.UserSettings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DevPlatform.Identity.Data;

/// <summary>Schema <c>identity</c>: the audit trail, ended sessions, what users' pages remember, and the keys that protect cookies. No users, no permissions (INV-1, INV-3).</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : DbContext(options)
{
    internal const string Schema = "identity";

    /// <summary>The audit trail.</summary>
    public DbSet<AuditRow> AuditEvents => Set<AuditRow>();

    /// <summary>What users' pages remember.</summary>
    public DbSet<UserSetting> UserSettings => Set<UserSetting>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<DataProtectionKeyRow>(key =>
        {
            key.ToTable("data_protection_keys");
            key.Property(k => k.Id).HasColumnName("id");
            key.Property(k => k.FriendlyName).HasColumnName("friendly_name");
            key.Property(k => k.Xml).HasColumnName("xml");
        });
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(IdentityDbContext).Assembly);
    }
}

/// <summary>A key as stored; <see cref="PostgresKeyRepository"/> reads and writes it.</summary>
internal sealed class DataProtectionKeyRow
{
    public int Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}

/// <summary>For <c>dotnet ef</c>, without a host.</summary>
internal sealed class IdentityDbContextFactory : IDesignTimeDbContextFactory<IdentityDbContext>
{
    public IdentityDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<IdentityDbContext>()
        .UseNpgsql("Host=localhost", npgsql => npgsql.MigrationsHistoryTable("__ef_migrations", IdentityDbContext.Schema))
        .Options);
}
