using System.Net;
using System.Text.Json;
using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>What a cluster said.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body, or as much of it as was allowed.</param>
/// <param name="IsCut">Whether there was more.</param>
internal sealed record ClusterAnswer(HttpStatusCode Status, byte[] Body, bool IsCut)
{
    public bool IsOk => Status == HttpStatusCode.OK;

    /// <summary>What is wrong, in the cluster's words.</summary>
    public string Problem
    {
        get
        {
            try
            {
                return JsonElement.Parse(Body).GetProperty("message").GetString() is { Length: > 0 } message ? message : $"HTTP {(int)Status}";
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                return $"HTTP {(int)Status}";
            }
        }
    }
}

/// <summary>Reads one cluster: GET and nothing else (INV-4), within limits of time, size and number.</summary>
internal sealed class ClusterReader : IDisposable
{
    private readonly k8s.Kubernetes _client;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;

    public ClusterReader(ClusterOptions cluster, KubernetesReadOptions options, TimeProvider time)
    {
        Cluster = cluster;
        _time = time;
        _timeout = options.Timeout;
        var settings = KubernetesClusters.ClientSettings(cluster);
        settings.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        _client = new k8s.Kubernetes(settings, new ResilienceHandler(Pipeline(options, time)));
    }

    public ClusterOptions Cluster { get; }

    /// <summary>Asks the cluster.</summary>
    /// <param name="path">Path and query, relative to the API's base.</param>
    /// <param name="maxBytes">How much of the body is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ServiceUnavailableException">It does not answer, not in time, or others wait already.</exception>
    public async Task<ClusterAnswer> GetAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        // The limit of the pipeline ends with the headers; a body may trickle.
        using var limit = new CancellationTokenSource(_timeout * 2, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_client.BaseUri.AbsoluteUri.TrimEnd('/')}/{path}"));
            if (_client.Credentials is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(request, both.Token);
            }

            using var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var (body, isCut) = await ReadAsync(await response.Content.ReadAsStreamAsync(both.Token), maxBytes, both.Token);
            return new ClusterAnswer(response.StatusCode, body, isCut);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or BrokenCircuitException or TimeoutRejectedException or RateLimiterRejectedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ServiceUnavailableException($"cluster {Cluster.Name} does not answer: {Reason(e)}", e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(KubernetesReadOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddConcurrencyLimiter(options.MaxParallel, options.MaxParallel * 16)
            // No retries: open pages ask again in a moment. A cluster that is down is not asked for as long.
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                SamplingDuration = options.Timeout * 3,
                MinimumThroughput = 10,
                FailureRatio = 0.8,
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(options.Timeout)
            .Build();

    private static async Task<(byte[] Body, bool IsCut)> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var fits = Math.Min(read, maxBytes - (int)body.Length);
            body.Write(buffer, 0, fits);
            if (fits < read)
            {
                return (body.ToArray(), true);
            }
        }

        return (body.ToArray(), false);
    }

    private static string Reason(Exception e) => e switch
    {
        BrokenCircuitException => "it failed a moment ago and is left alone for some seconds",
        RateLimiterRejectedException => "too many requests wait for it",
        TimeoutRejectedException or OperationCanceledException => "no answer in time",
        _ => e.Message,
    };
}
