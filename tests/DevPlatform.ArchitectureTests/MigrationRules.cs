using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace DevPlatform.ArchitectureTests;

public class MigrationRules
{
    public static TheoryData<string> Modules => [.. Platform.Modules.Select(Platform.Name)];

    /// <summary>A change to an entity without its migration would fail at the first query in production.</summary>
    [Theory]
    [MemberData(nameof(Modules))]
    public void No_migration_is_missing(string module)
    {
        using var context = Create(Platform.Modules.Single(m => Platform.Name(m) == module));

        context.Database.HasPendingModelChanges().ShouldBeFalse($"dotnet ef migrations add <Name> --project modules/…/{module}");
    }

    private static DbContext Create(Assembly module)
    {
        var factory = module.GetTypes().Single(t => t.GetInterfaces().Any(
            i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IDesignTimeDbContextFactory<>)));
        var create = factory.GetMethod(nameof(IDesignTimeDbContextFactory<DbContext>.CreateDbContext))!;
        return (DbContext)create.Invoke(Activator.CreateInstance(factory, nonPublic: true), [Array.Empty<string>()])!;
    }
}
