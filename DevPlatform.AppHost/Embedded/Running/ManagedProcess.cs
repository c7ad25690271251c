using System.Diagnostics;

namespace DevPlatform.AppHost.Embedded;

/// <summary>A running child: its output as lines, its end, and ways to end it together with all it started.</summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ProcessSpec _spec;
    private readonly bool _ownGroup;

    public ManagedProcess(Process process, ProcessSpec spec, bool ownGroup, Action<string> output, Action<int> onExit)
    {
        _process = process;
        _spec = spec;
        _ownGroup = ownGroup;
        Id = process.Id;
        process.StandardInput.Close();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        Exited = WaitAsync(reading, onExit);
    }

    public int Id { get; }

    /// <summary>Completes with the exit code when the process has ended, its group is gone and its output was read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Asks the process to end, and makes it end when it has not within the time its specification allows.</summary>
    public async Task<int> StopAsync(CancellationToken hurry)
    {
        Signal(_spec.StopSignal);
        try
        {
            return await Exited.WaitAsync(_spec.StopTimeout, hurry);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return await KillAsync();
        }
    }

    public Task<int> KillAsync()
    {
        Signal(PosixSignalNumber.Kill);
        return Exited;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Signal(PosixSignalNumber signal)
    {
        if (Exited?.IsCompleted == true)
        {
            return;
        }

        if (_ownGroup)
        {
            // Until the new process has made its session there is no such group, but the process is there.
            if (!Posix.SignalGroup(Id, signal))
            {
                Posix.Signal(Id, signal);
            }
        }
        else if (OperatingSystem.IsWindows() || signal == PosixSignalNumber.Kill)
        {
            _process.Kill(entireProcessTree: true);
        }
        else
        {
            Posix.Signal(Id, signal);
        }
    }

    private async Task<int> WaitAsync(Task reading, Action<int> onExit)
    {
        await _process.WaitForExitAsync();
        if (_ownGroup)
        {
            // What the process leaves behind would hold its ports and its output open.
            Posix.SignalGroup(Id, PosixSignalNumber.Kill);
        }

        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1)));
        onExit(Id);
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> output)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            output(line);
        }
    }
}
