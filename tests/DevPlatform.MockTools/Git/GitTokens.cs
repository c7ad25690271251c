using System.Collections.Concurrent;

namespace DevPlatform.MockTools.Git;

/// <summary>Tokens that were issued, each for one organization and for a while; Git takes them as the password of <see cref="User"/>.</summary>
internal sealed class GitTokens(TimeProvider time)
{
    public const string User = "x-access-token";

    private readonly ConcurrentDictionary<string, (string Org, DateTimeOffset Expires)> _tokens = new(StringComparer.Ordinal);

    public void Add(string token, string org, DateTimeOffset expires) => _tokens[token] = (org, expires);

    public void Clear() => _tokens.Clear();

    public bool IsValid(string token, string? org) =>
        _tokens.TryGetValue(token, out var issued) && issued.Expires > time.GetUtcNow() && issued.Org.Equals(org, StringComparison.OrdinalIgnoreCase);
}
