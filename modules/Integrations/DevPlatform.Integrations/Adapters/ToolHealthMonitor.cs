using System.Collections.Concurrent;
using System.Diagnostics;
using DevPlatform.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Integrations.Adapters;

/// <summary>Whether a tool works (RFC §11).</summary>
public enum ToolState
{
    /// <summary>Not probed yet.</summary>
    Unknown,

    /// <summary>Answers well and in time.</summary>
    Online,

    /// <summary>Answers slowly, or with an error.</summary>
    Degraded,

    /// <summary>Does not answer.</summary>
    Offline,
}

/// <summary>What the last probe found.</summary>
/// <param name="State">Online, Degraded or Offline; Unknown before the first probe, and for a tool without a URL.</param>
/// <param name="CheckedAt">When; null before the first probe.</param>
/// <param name="LatencyMs">How long the answer took, in milliseconds.</param>
/// <param name="Message">What was wrong.</param>
public sealed record ToolHealth(ToolState State, DateTimeOffset? CheckedAt = null, double? LatencyMs = null, string? Message = null);

/// <summary>A URL to probe, by tool id.</summary>
public sealed record ToolProbe(string ToolId, Uri Url);

/// <summary>Probes every configured tool in the background, so that no page waits for a tool that is down.</summary>
internal sealed class ToolHealthMonitor(
    Func<IEnumerable<ToolProbe>> probes, IHttpClientFactory clients, TimeProvider time, ILogger<ToolHealthMonitor> logger) : AfterStartService
{
    public const string HttpClientName = "tool-health";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, ToolHealth> _health = new();

    public ToolHealth Of(string toolId) => _health.GetValueOrDefault(toolId) ?? new ToolHealth(ToolState.Unknown);

    protected override async Task ExecuteAfterStartAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ProbeAllAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal Task ProbeAllAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(probes().Select(async probe =>
        {
            var found = await ProbeAsync(probe.Url, cancellationToken);
            if (Of(probe.ToolId).State != found.State)
            {
                logger.LogInformation("{Tool} is {State} {Message}", probe.ToolId, found.State, found.Message);
            }

            _health[probe.ToolId] = found;
        }));

    private async Task<ToolHealth> ProbeAsync(Uri url, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var watch = Stopwatch.StartNew();
        try
        {
            using var answer = await clients.CreateClient(HttpClientName).GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var latency = watch.Elapsed;
            var state = !answer.IsSuccessStatusCode || latency > Slow ? ToolState.Degraded : ToolState.Online;
            return new ToolHealth(state, time.GetUtcNow(), Math.Round(latency.TotalMilliseconds, 1), answer.IsSuccessStatusCode ? null : $"HTTP {(int)answer.StatusCode}");
        }
        catch (Exception e)
        {
            return new ToolHealth(ToolState.Offline, time.GetUtcNow(), null, e is OperationCanceledException ? $"no answer in {Limit.TotalSeconds:0} s" : e.Message);
        }
    }
}
