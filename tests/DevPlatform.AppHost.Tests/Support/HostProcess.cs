using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DevPlatform.AppHost.Tests.Support;

/// <summary>A host running as its own process, with everything it prints.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private HostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public int PostgresPort => int.Parse(PostgresUrl().Match(Output).Groups[1].Value);

    public static HostProcess Start(string dataDirectory, IDictionary<string, string>? environment = null, params string[] args)
    {
        // A shell starts its background jobs with SIGINT ignored, and whoever inherits that never hears of it.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var info = new ProcessStartInfo(command[0], [.. command[1..], typeof(HostProgram).Assembly.Location, $"--DataDirectory={dataDirectory}", "--Ports:Random=true", "--Ports:dashboard=0", .. args])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return new HostProcess(Process.Start(info)!);
    }

    /// <summary>Waits for the table that is printed when everything is up.</summary>
    public Task UpAsync() => SaysAsync("  family ");

    public Task SaysAsync(string text) => Until.TrueAsync(() => Output.Contains(text) || _process.HasExited, () => $"the host says '{text}':\n{Output}", TimeSpan.FromSeconds(90));

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{Id}"]);
        kill.WaitForExit();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Every process that works on the data directory or carries the mark of this host's run.</summary>
    public static List<string> Survivors(string dataDirectory, string runId)
    {
        using var ps = Process.Start(new ProcessStartInfo("sh", ["-c", "for p in /proc/[0-9]*; do echo \"${p#/proc/} $(tr '\\0' ' ' <$p/cmdline) $(tr '\\0' ' ' <$p/environ)\"; done 2>/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        return [.. ps.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(dataDirectory) || (runId.Length > 0 && line.Contains(runId))).Select(line => line[..Math.Min(160, line.Length)])];
    }

    /// <summary>The mark every child of this host carries.</summary>
    public string RunId()
    {
        using var sh = Process.Start(new ProcessStartInfo("sh", ["-c", $"for c in $(cat /proc/{Id}/task/*/children); do tr '\\0' '\\n' </proc/$c/environ; done 2>/dev/null | grep ^DEVPLATFORM_RUN= | sort -u"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        return sh.StandardOutput.ReadToEnd().Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            await ExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"tcp://localhost:(\d+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PostgresUrl();
}
