using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Integrations.Adapters;

/// <summary>A tool's answer, and how old it is.</summary>
/// <param name="Value">The answer.</param>
/// <param name="AsOf">When the tool gave it.</param>
/// <param name="Stale">True when the tool could not be asked now and this is what it said last.</param>
public sealed record ToolAnswer<T>(T Value, DateTimeOffset AsOf, bool Stale);

/// <summary>
/// Keeps the last answers of tools: a fresh one is served without asking, and the last one serves, marked stale, while the tool is down
/// (RFC §4: external failure → cached data). Bounded; per replica.
/// </summary>
public sealed class StaleWhileError(TimeProvider time, ILogger<StaleWhileError> logger) : IDisposable
{
    // What one unit of the limit may be in memory: 20 MB for all.
    private const int UnitBytes = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = 2_000 });
    private readonly ConcurrentDictionary<string, object> _asking = new();

    /// <summary>The fresh answer, a new one from <paramref name="ask"/>, or the last one when asking fails.</summary>
    /// <param name="key">Names the question, tool first: <c>argocd/application/orders</c>.</param>
    /// <param name="freshFor">How long an answer is fresh.</param>
    /// <param name="ask">Asks the tool, within a time limit of its own; an exception means that it is down.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="bytes">About how large an answer is in memory, where it may be large; one that is larger than the cache is not kept.</param>
    public async Task<ToolAnswer<T>> GetAsync<T>(
        string key, TimeSpan freshFor, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken, Func<T, long>? bytes = null)
    {
        var last = _answers.Get<ToolAnswer<T>>(key);
        if (last is not null && time.GetUtcNow() - last.AsOf < freshFor)
        {
            return last;
        }

        try
        {
            // Many pages may want the same at the same moment: one asks for all, and goes on when the page that began it has left.
            var asking = (Lazy<Task<ToolAnswer<T>>>)_asking.GetOrAdd(key, _ => new Lazy<Task<ToolAnswer<T>>>(() => AskAsync(key, ask, bytes)));
            return await asking.Value.WaitAsync(cancellationToken);
        }
        catch (Exception e) when (last is not null && !cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("{Key}: {Error}; serving the answer of {AsOf}", key, e.Message, last.AsOf);
            return last with { Stale = true };
        }
    }

    /// <summary>Forgets what a change of ours has made old.</summary>
    public void Forget(string key)
    {
        _answers.Remove(key);
        _asking.TryRemove(key, out _);
    }

    /// <inheritdoc />
    public void Dispose() => _answers.Dispose();

    private async Task<ToolAnswer<T>> AskAsync<T>(string key, Func<CancellationToken, Task<T>> ask, Func<T, long>? bytes)
    {
        try
        {
            var asOf = time.GetUtcNow();
            var answer = new ToolAnswer<T>(await ask(CancellationToken.None), asOf, Stale: false);
            var units = 1 + ((bytes?.Invoke(answer.Value) ?? 0) / UnitBytes);
            return _answers.Set(key, answer, new MemoryCacheEntryOptions { Size = units, AbsoluteExpirationRelativeToNow = KeptFor });
        }
        finally
        {
            _asking.TryRemove(key, out _);
        }
    }
}
