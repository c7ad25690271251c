using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DevPlatform.Scaffolder.Data;

/// <summary>Lets <c>dotnet ef migrations</c> build the model without a host; the database is never opened.</summary>
internal sealed class DesignTimeDbContextFactory : IDesignTimeDbContextFactory<ScaffolderDbContext>
{
    public ScaffolderDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ScaffolderDbContext>()
            .UseNpgsql("Host=localhost;Database=devplatform", npgsql => npgsql.MigrationsHistoryTable("__ef_migrations", ScaffolderDbContext.Schema))
            .Options);
}
