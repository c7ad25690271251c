using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using DevPlatform.Shared.Identity;
using Microsoft.Extensions.Caching.Memory;

namespace DevPlatform.Identity.Tokens;

/// <summary>What a validated token said.</summary>
internal sealed record CachedCaller(Caller Caller, ClaimsPrincipal Principal);

/// <summary>
/// Tokens that were validated within the last minute, by their SHA-256 hash: the tokens themselves are not kept. Never longer than the token
/// lives.
/// </summary>
internal sealed class CallerCache(TimeProvider time) : IDisposable
{
    private const int MaxTokens = 10_000;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);
    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MaxTokens });

    public CachedCaller? Find(string token) =>
        _tokens.TryGetValue(KeyOf(token), out (CachedCaller Caller, DateTimeOffset Until) entry) && time.GetUtcNow() < entry.Until ? entry.Caller : null;

    public void Add(string token, CachedCaller caller)
    {
        var until = time.GetUtcNow() + MaxAge;
        var end = caller.Caller.ExpiresAt;
        _tokens.Set(KeyOf(token), (caller, end < until ? end : until), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = MaxAge });
    }

    public void Dispose() => _tokens.Dispose();

    private static string KeyOf(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
