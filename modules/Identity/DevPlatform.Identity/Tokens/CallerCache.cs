using System.Buffers;
using System.Runtime.InteropServices;
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

    public CachedCaller? Find(ReadOnlySpan<char> token) =>
        _tokens.TryGetValue(TokenHash.Of(token), out Entry? entry) && time.GetUtcNow() < entry!.Until ? entry.Caller : null;

    public void Add(ReadOnlySpan<char> token, CachedCaller caller)
    {
        var until = time.GetUtcNow() + MaxAge;
        var end = caller.Caller.ExpiresAt;
        _tokens.Set(
            TokenHash.Of(token), new Entry(caller, end < until ? end : until), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = MaxAge });
    }

    public void Dispose() => _tokens.Dispose();

    private sealed record Entry(CachedCaller Caller, DateTimeOffset Until);

    /// <summary>32 bytes as a key; every request makes one, so nothing is put on the heap for it but itself.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
    {
        public static TokenHash Of(ReadOnlySpan<char> token)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
            try
            {
                Span<TokenHash> hash = stackalloc TokenHash[1];
                SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(token, bytes)), MemoryMarshal.AsBytes(hash));
                return hash[0];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            }
        }
    }
}
