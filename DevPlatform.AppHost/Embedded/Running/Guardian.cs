using System.Diagnostics;

namespace DevPlatform.AppHost.Embedded;

/// <summary>
/// A small shell that outlives the host by a moment. It holds the other end of a pipe; when the host is gone, however it went, the pipe
/// closes and the shell ends every process group the host had left, then anything that escaped from its group but carries the run's mark.
/// </summary>
internal sealed class Guardian : IDisposable
{
    private const string Script = """
        trap '' INT TERM HUP QUIT
        groups=
        while read -r verb group signal; do
          case $verb in
            add) groups="$groups $group:$signal" ;;
            remove) kept=; for g in $groups; do [ "${g%%:*}" = "$group" ] || kept="$kept $g"; done; groups=$kept ;;
          esac
        done
        for g in $groups; do kill -s "${g#*:}" -- "-${g%%:*}"; done
        i=0
        while [ $i -lt 20 ]; do
          alive=; for g in $groups; do kill -0 -- "-${g%%:*}" && alive=1; done
          [ -n "$alive" ] || break
          i=$((i+1)); sleep 0.1
        done
        for g in $groups; do kill -s KILL -- "-${g%%:*}"; done
        for p in /proc/[0-9]*; do
          [ "$p" = "/proc/$$" ] || { grep -qsF "DEVPLATFORM_RUN=$RUN_ID" "$p/environ" && kill -s KILL "${p#/proc/}"; }
        done
        """;

    private readonly Lock _lock = new();
    private readonly Process? _shell;

    public Guardian(ProcessLauncher launcher)
    {
        if (Commands.Find("setsid") is not { } setSession || Commands.Find("sh") is not { } shell)
        {
            return;
        }

        var info = new ProcessStartInfo(setSession, [shell, "-c", $"exec >/dev/null 2>&1\n{Script}", "devplatform-guardian"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        info.Environment["RUN_ID"] = launcher.RunId;
        _shell = launcher.StartAsync(info).GetAwaiter().GetResult();
        _shell.StandardInput.AutoFlush = true;
    }

    public void Add(int group, PosixSignalNumber signal) => Tell($"add {group} {signal.ShellName()}");

    public void Remove(int group) => Tell($"remove {group}");

    public void Dispose()
    {
        _shell?.StandardInput.Close();
        _shell?.WaitForExit(TimeSpan.FromSeconds(5));
        _shell?.Dispose();
    }

    private void Tell(string line)
    {
        lock (_lock)
        {
            try
            {
                _shell?.StandardInput.WriteLine(line);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // Without the guardian the parent-death signal still holds for the processes themselves.
            }
        }
    }
}
