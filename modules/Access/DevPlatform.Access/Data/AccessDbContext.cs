using DevPlatform.Access.Approvals;
using DevPlatform.Access.Requests;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Access.Data;

/// <summary>The Access module's storage, schema <c>access</c>.</summary>
public sealed class AccessDbContext(DbContextOptions<AccessDbContext> options) : DbContext(options)
{
    /// <summary>Name of the schema.</summary>
    public const string Schema = "access";

    internal DbSet<AccessRequest> Requests => Set<AccessRequest>();

    internal DbSet<Approval> Approvals => Set<Approval>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.ApplyConfiguration(new AccessRequestConfiguration());
        modelBuilder.ApplyConfiguration(new ApprovalConfiguration());
        SnakeCase.NameColumns(modelBuilder);
    }
}
