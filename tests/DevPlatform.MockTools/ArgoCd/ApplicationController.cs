using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>Looks at every Application when it changes, every few seconds, and when asked to.</summary>
internal sealed class ApplicationController : BackgroundService
{
    private readonly ApplicationReconciler _reconciler;
    private readonly ArgoCdOptions _options;
    private readonly ILogger<ApplicationController> _log;
    private readonly Signal _changed = new();
    private readonly ClusterCache _cache;
    private readonly ConcurrentBag<TaskCompletionSource> _waiting = [];

    public ApplicationController(ClusterClient cluster, ApplicationReconciler reconciler, ArgoCdOptions options, ILogger<ApplicationController> log)
    {
        (_reconciler, _options, _log) = (reconciler, options, log);
        _cache = new ClusterCache(cluster, "apis/argoproj.io/v1alpha1/applications", _changed.Set, log);
    }

    public IEnumerable<JsonObject> Applications => _cache.Objects.OrderBy(a => a.Text("metadata", "name"), StringComparer.Ordinal);

    /// <summary>Looks at everything at once and returns when that is done.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(done);
        _changed.Set();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>Looks at everything at once, without waiting for it.</summary>
    public void Wake() => _changed.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watching = _cache.RunAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var asked = new List<TaskCompletionSource>();
            while (_cache.Synced && _waiting.TryTake(out var done))
            {
                asked.Add(done);
            }

            foreach (var application in Applications)
            {
                await ReconcileAsync(application, stoppingToken);
            }

            asked.ForEach(done => done.TrySetResult());
            await _changed.WaitAsync(TimeSpan.FromSeconds(_options.PollSeconds), stoppingToken);
        }

        await watching;
    }

    private async Task ReconcileAsync(JsonObject application, CancellationToken cancellationToken)
    {
        try
        {
            await _reconciler.ReconcileAsync(application, cancellationToken);
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or OperationCanceledException or LibGit2Sharp.LibGit2SharpException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                _log.LogWarning("{Application}: {Error}", application.Text("metadata", "name"), error.Message);
            }
        }
    }
}
