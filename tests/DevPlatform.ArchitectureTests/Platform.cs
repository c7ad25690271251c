using System.Reflection;
using DevPlatform.Access;
using DevPlatform.Catalog;
using DevPlatform.Identity;
using DevPlatform.Integrations;
using DevPlatform.Scaffolder;

namespace DevPlatform.ArchitectureTests;

/// <summary>The assemblies that the rules are about.</summary>
internal static class Platform
{
    public static readonly IReadOnlyList<Assembly> Modules =
    [
        typeof(IdentityModule).Assembly,
        typeof(CatalogModule).Assembly,
        typeof(ScaffolderModule).Assembly,
        typeof(AccessModule).Assembly,
        typeof(IntegrationsModule).Assembly,
    ];

    public static readonly IReadOnlyList<Assembly> Contracts = [.. Modules.Select(m => Assembly.Load($"{m.GetName().Name}.Contracts"))];

    public static string Name(Assembly assembly) => assembly.GetName().Name!;

    public static IReadOnlyList<string> References(Assembly assembly) =>
        [.. assembly.GetReferencedAssemblies().Select(r => r.Name!).Where(r => r.StartsWith("DevPlatform.", StringComparison.Ordinal))];
}
