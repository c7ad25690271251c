using System.Runtime.InteropServices;

namespace DevPlatform.AppHost.Embedded;

/// <summary>Ctrl+C, SIGTERM, SIGHUP or the end of <c>dotnet run</c> ask the host to stop; a second signal asks it to hurry.</summary>
internal sealed class StopSignals : IDisposable
{
    // A terminal, `timeout` or `dotnet run` may deliver one wish twice: to the process and to its group.
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private readonly Timer? _parentWatch;
    private long? _asked;

    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

        // `dotnet run` killed with -9 cannot tell us; without this the topology would go on behind the developer's back.
        if (ParentProcess.Current() is { Name: "dotnet" } parent)
        {
            _parentWatch = new Timer(_ => StopWhenGone(parent), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }
    }

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    public Task StopRequested
    {
        get
        {
            var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Stop.Register(requested.SetResult);
            return requested.Task;
        }
    }

    public void Dispose()
    {
        _parentWatch?.Dispose();
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked is not { } asked)
        {
            _asked = TimeProvider.System.GetTimestamp();
            _stop.Cancel();
        }
        else if (TimeProvider.System.GetElapsedTime(asked) > SameSignal)
        {
            _hurry.Cancel();
        }
    }

    private void StopWhenGone(ParentProcess parent)
    {
        if (ParentProcess.Current()?.Id != parent.Id)
        {
            _stop.Cancel();
        }
    }
}

/// <summary>Who started this process; Linux only, where a child of a dead parent gets another one.</summary>
internal sealed record ParentProcess(int Id, string Name)
{
    public static ParentProcess? Current()
    {
        try
        {
            var status = File.ReadAllLines("/proc/self/status");
            var id = int.Parse(status.First(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..]);
            return new(id, File.ReadAllText($"/proc/{id}/comm").Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
