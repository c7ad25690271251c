namespace DevPlatform.AppHost.Embedded;

/// <summary>Runs all resources of a topology: start in the order of their waits, stop in the reverse.</summary>
internal sealed class Orchestrator : IAsyncDisposable
{
    private readonly EmbeddedOptions _options;
    private readonly StateDirectory _state;
    private readonly IReadOnlyList<IResource> _resources;
    private readonly Dictionary<string, ResourceRunner> _runners;
    private readonly TopologyServices _services;
    private readonly ConsoleLog? _console;

    public Orchestrator(DistributedApplicationBuilder builder, ResourceNotificationService notifications, ResourceLogs logs, ConsoleLog? console)
    {
        _options = builder.Options;
        _state = builder.State;
        _console = console;
        _resources = [.. builder.Resources];
        _services = new TopologyServices(
            notifications, logs, new ProcessLauncher(), new Dependencies(notifications), builder.ExecutionContext, [.. _resources.OfType<ParameterResource>()], TimeProvider.System);
        var toCompletion = _resources.SelectMany(resource => resource.Annotations.OfType<WaitAnnotation>())
            .Where(wait => wait.WaitType == WaitType.WaitForCompletion)
            .Select(wait => wait.Resource.Name)
            .Concat(_resources.Where(resource => resource.Annotations.OfType<SideJobAnnotation>().Any()).Select(resource => resource.Name))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        _runners = _resources.Where(resource => resource.Annotations.OfType<LaunchAnnotation>().Any())
            .ToDictionary(resource => resource.Name, resource => new ResourceRunner(resource, toCompletion.Contains(resource.Name), _services), StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyCollection<ResourceRunner> Runners => _runners.Values;

    public ResourceRunner? Find(string name) => _runners.GetValueOrDefault(name);

    /// <summary>Checks all that can be checked first, so that a topology either starts or says why not.</summary>
    public async Task StartAsync()
    {
        _state.Open(_options.Clean);
        if (_state.Note is { } note)
        {
            _console?.Line("host", note);
        }

        PortAllocator.Allocate(_resources, _options.RandomizePorts);
        foreach (var parameter in _services.Parameters)
        {
            await parameter.GetValueAsync();
        }

        foreach (var runner in _runners.Values)
        {
            await runner.StartAsync();
        }
    }

    /// <summary>Stops every resource after those that wait for it; <paramref name="hurry"/> kills what is left.</summary>
    public async Task StopAsync(CancellationToken hurry)
    {
        var stops = new Dictionary<string, Lazy<Task>>(StringComparer.OrdinalIgnoreCase);
        foreach (var runner in _runners.Values)
        {
            stops[runner.Resource.Name] = new Lazy<Task>(async () =>
            {
                await Task.WhenAll(DependentsOf(runner.Resource).Select(dependent => stops[dependent].Value));
                await runner.StopAsync(hurry);
            });
        }

        await Task.WhenAll(stops.Values.Select(stop => stop.Value));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runners.Values.Select(runner => runner.AbortAsync()));
        foreach (var runner in _runners.Values)
        {
            runner.Dispose();
        }

        _services.Launcher.Dispose();
        _state.Dispose();
        if (_options.Temporary)
        {
            _state.DeleteAll();
        }
    }

    private IEnumerable<string> DependentsOf(IResource resource) => _runners.Values
        .Where(other => other.Resource.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == resource))
        .Select(other => other.Resource.Name);
}
