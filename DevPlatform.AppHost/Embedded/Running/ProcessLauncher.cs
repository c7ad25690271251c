using System.Collections.Concurrent;
using System.Diagnostics;

namespace DevPlatform.AppHost.Embedded;

/// <summary>
/// Starts processes that cannot outlive the host. Each gets its own session (so that Ctrl+C in the terminal reaches the host alone, which
/// then stops everything in order) and a parent-death signal; <see cref="Guardian"/> sees to what they started in turn.
/// </summary>
internal sealed class ProcessLauncher : IDisposable
{
    // What the host was told is not for its children: settings of the host itself, and of the SDK that started it.
    private static readonly string[] Withheld =
        ["ASPIRE_", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_LAUNCH_PROFILE", "Parameters__", "Ports__", "DataDirectory", "MSBUILD", "DOTNET_CLI_"];

    private static readonly string? SetSession = OperatingSystem.IsLinux() ? Commands.Find("setsid") : null;
    private static readonly string? SetPrivileges = OperatingSystem.IsLinux() ? Commands.Find("setpriv") : null;

    private readonly BlockingCollection<Action> _starts = [];
    private readonly Guardian _guardian;

    public ProcessLauncher()
    {
        // Linux sends the parent-death signal when the parent's *thread* ends, so all children are started by one that lives as long as we do.
        var thread = new Thread(() =>
        {
            foreach (var start in _starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "process launcher" };
        thread.Start();
        _guardian = new Guardian(this);
    }

    /// <summary>Marks the processes of this host and all they start, so that strays can be found.</summary>
    public string RunId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Starts a process; its output goes to <paramref name="output"/> line by line.</summary>
    public async Task<ManagedProcess> StartAsync(ProcessSpec spec, Action<string> output)
    {
        var ownGroup = SetSession is not null && SetPrivileges is not null;
        var process = await StartAsync(StartInfo(spec, ownGroup));
        if (ownGroup)
        {
            _guardian.Add(process.Id, spec.DeathSignal);
        }

        return new ManagedProcess(process, spec, ownGroup, output, exited => _guardian.Remove(exited));
    }

    /// <summary>Runs a short command to its end and returns its output; fails with that output when the exit code is not 0.</summary>
    public async Task<string> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var output = new ConcurrentQueue<string>();
        await using var process = await StartAsync(spec, output.Enqueue);
        var exitCode = await process.Exited.WaitAsync(cancellationToken);
        var text = string.Join('\n', output);
        return exitCode == 0 ? text
            : throw new DistributedApplicationException($"{Path.GetFileName(spec.FileName)} ended with exit code {exitCode}:\n{text}");
    }

    internal async Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception e)
            {
                started.SetException(new DistributedApplicationException($"Cannot start {info.FileName}: {e.Message}", e));
            }
        });
        return await started.Task;
    }

    public void Dispose()
    {
        _guardian.Dispose();
        _starts.CompleteAdding();
    }

    private ProcessStartInfo StartInfo(ProcessSpec spec, bool ownGroup)
    {
        var command = Commands.Find(spec.FileName) ?? throw new DistributedApplicationException($"Command '{spec.FileName}' is not installed, or not on PATH.");
        var info = new ProcessStartInfo
        {
            FileName = ownGroup ? SetSession! : command,
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (ownGroup)
        {
            info.ArgumentList.Add(SetPrivileges!);
            info.ArgumentList.Add("--pdeathsig");
            info.ArgumentList.Add(spec.DeathSignal.ShellName());
            if (spec.User is { } user)
            {
                string[] become = ["--reuid", $"{user.UserId}", "--regid", $"{user.GroupId}", "--clear-groups"];
                Array.ForEach(become, info.ArgumentList.Add);
            }

            info.ArgumentList.Add("--");
            info.ArgumentList.Add(command);
        }

        foreach (var argument in spec.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var name in info.Environment.Keys.Where(name => Withheld.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment["DEVPLATFORM_RUN"] = RunId;
        return info;
    }
}
