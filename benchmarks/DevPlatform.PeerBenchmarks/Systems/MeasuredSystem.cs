using System.Diagnostics;
using System.Net.Http.Headers;

namespace DevPlatform.PeerBenchmarks.Systems;

/// <summary>One of the systems that are compared: a process of its own with a database of its own.</summary>
internal abstract class MeasuredSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private ChildProcess? _process;

    /// <summary>As the report calls it.</summary>
    public abstract string Name { get; }

    public required Uri BaseUrl { get; init; }

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{Name} is not running.");

    /// <summary>Path that answers 200 when it can serve.</summary>
    protected abstract string ReadyPath { get; }

    /// <summary>A token of a signed-in user, good for the next half hour.</summary>
    public abstract Task<string> UserTokenAsync();

    /// <summary>Makes or updates its tables, where that is a step of its own.</summary>
    public virtual Task MigrateAsync() => Task.CompletedTask;

    /// <summary>Starts it and waits until it can serve.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseUrl, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        _process = Launch();
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(ReadyPath);
                if (response.IsSuccessStatusCode)
                {
                    return watch.Elapsed;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            _process.MustLive();
            if (watch.Elapsed > StartTimeout)
            {
                throw new TimeoutException($"{Name} is not ready after {StartTimeout}.");
            }

            await Task.Delay(20);
        }
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async Task<HttpClient> ClientAsync() => new()
    {
        BaseAddress = BaseUrl,
        Timeout = TimeSpan.FromMinutes(5),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await UserTokenAsync()) },
    };

    public async ValueTask DisposeAsync() => await StopAsync();

    protected abstract ChildProcess Launch();
}
