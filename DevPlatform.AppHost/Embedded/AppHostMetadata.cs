using System.Reflection;

namespace DevPlatform.AppHost.Embedded;

/// <summary>What the build wrote into the assembly: where the AppHost project is, and where its projects' outputs are.</summary>
internal static class AppHostMetadata
{
    private static readonly Dictionary<string, string?> Values = typeof(AppHostMetadata).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .GroupBy(attribute => attribute.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First().Value, StringComparer.OrdinalIgnoreCase);

    public static string Directory { get; } = Values.GetValueOrDefault("apphostprojectpath") ?? AppContext.BaseDirectory;

    /// <summary>The assembly a project was built to, or null when the AppHost project does not reference it.</summary>
    public static string? OutputOf(string projectPath) => Values.GetValueOrDefault($"projectoutput:{Path.GetFullPath(projectPath)}");
}
