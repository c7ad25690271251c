using System.Diagnostics;
using System.Globalization;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>A process of ours whose processor time and memory are read from <c>/proc</c>. Its output goes to a file.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log) => (_process, _log) = (process, log);

    public static ChildProcess Start(string log, string directory, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var output = TextWriter.Synchronized(new StreamWriter(log) { AutoFlush = true });
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => output.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => output.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var child = new ChildProcess(process, log);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => child.Kill();
        return child;
    }

    /// <summary>User and system time, all threads.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name in parentheses may hold spaces; the numbers follow it.
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Resident memory in MB (2^20 bytes).</summary>
    public int ResidentMegabytes => Status("VmRSS:");

    /// <summary>The most it ever was.</summary>
    public int PeakMegabytes => Status("VmHWM:");

    /// <summary>Throws with the end of its output when it is no longer there.</summary>
    public void MustLive()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException(
                $"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {string.Join('\n', File.ReadAllLines(_log).TakeLast(15))}");
        }
    }

    /// <summary>Holds the process, so that it takes no processor time from another that is being measured.</summary>
    public void Pause() => Signal("STOP");

    /// <summary>Lets a held process go on.</summary>
    public void Resume() => Signal("CONT");

    public async Task WaitAsync()
    {
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            MustLive();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    private int Status(string key)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return int.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
