using DevPlatform.AppHost.Embedded;
using DevPlatform.AppHost.Embedded.Dashboard;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>A topology of local processes.</summary>
public class DistributedApplication : IAsyncDisposable
{
    private readonly EmbeddedOptions _options;
    private readonly StateDirectory _state;
    private readonly ConsoleLog? _console;
    private readonly ResourceLogs _logs;
    private readonly Orchestrator _orchestrator;
    private DashboardServer? _dashboard;
    private bool _stopped;
    private int _disposed;

    internal DistributedApplication(DistributedApplicationBuilder builder)
    {
        _options = builder.Options;
        _state = builder.State;
        _console = _options.Console ? new ConsoleLog() : null;
        _logs = new ResourceLogs(_console);
        Model = new DistributedApplicationModel(builder.Resources);
        ResourceNotifications = new ResourceNotificationService(_logs);
        _orchestrator = new Orchestrator(builder, ResourceNotifications, _logs, _console);
        ResourceCommands = new ResourceCommandService(_orchestrator);
        builder.Services.AddSingleton(Model);
        builder.Services.AddSingleton(ResourceNotifications);
        builder.Services.AddSingleton(ResourceCommands);
        Services = builder.Services.BuildServiceProvider();
    }

    public IServiceProvider Services { get; }

    public ResourceNotificationService ResourceNotifications { get; }

    public ResourceCommandService ResourceCommands { get; }

    internal DistributedApplicationModel Model { get; }

    internal Uri? DashboardUrl => _dashboard?.Url;

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        EntryPointCapture.Current?.CreateBuilder(args) ?? new DistributedApplicationBuilder(args);

    /// <summary>Launches every resource; each comes up when what it waits for has.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_options.DashboardPort is { } port)
        {
            _dashboard = await DashboardServer.StartAsync(port, this, _logs, cancellationToken);
        }

        await _orchestrator.StartAsync();
    }

    /// <summary>Stops everything in reverse order; cancelling kills what has not stopped yet.</summary>
    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _stopped = true;
        await _orchestrator.StopAsync(cancellationToken);
    }

    /// <summary>Runs until Ctrl+C or SIGTERM. A start that fails is said in a sentence, and the exit code is 1.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var signals = new StopSignals(cancellationToken);
        try
        {
            await StartAsync(signals.Stop);
            var table = StartTable.PrintWhenSettledAsync(_console!, Model, ResourceNotifications, _dashboard?.Url, signals.Stop);
            await signals.StopRequested;
            _console?.Line("host", "stopping (once more to kill what is left)");
            await StopAsync(signals.Hurry);
            await table;
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Ends whatever still runs.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        if (!_stopped && !_options.Temporary)
        {
            await StopAsync();
        }

        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        await _orchestrator.DisposeAsync();
    }
}
