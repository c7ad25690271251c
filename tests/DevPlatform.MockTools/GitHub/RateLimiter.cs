using System.Globalization;

namespace DevPlatform.MockTools.GitHub;

/// <summary>GitHub's primary and secondary rate limits, with their headers.</summary>
internal sealed class RateLimiter(GitHubOptions options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private DateTimeOffset _reset;
    private DateTimeOffset _pausedUntil;
    private int _used;
    private int _unchanged;

    /// <summary>What a test asks for: the budget is spent until then, or a pause is demanded.</summary>
    internal sealed record Limit(int? Remaining, double? ResetSeconds, double? RetryAfterSeconds);

    public void Set(Limit limit)
    {
        lock (_lock)
        {
            _reset = limit.ResetSeconds is { } reset ? time.GetUtcNow().AddSeconds(reset) : _reset;
            _used = limit.Remaining is { } remaining ? options.RateLimit - remaining : _used;
            _pausedUntil = limit.RetryAfterSeconds is { } pause ? time.GetUtcNow().AddSeconds(pause) : _pausedUntil;
        }
    }

    /// <summary>The refusal of a caller who asked too much, or null after counting the request.</summary>
    public IResult? Take(HttpContext context)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now >= _reset)
            {
                (_reset, _used) = (now + Window, 0);
            }

            if (now < _pausedUntil)
            {
                context.Response.Headers.RetryAfter = Math.Ceiling((_pausedUntil - now).TotalSeconds).ToString(CultureInfo.InvariantCulture);
                Describe(context);
                return GitHubApi.Error(StatusCodes.Status403Forbidden, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.");
            }

            if (_used >= options.RateLimit)
            {
                Describe(context);
                return GitHubApi.Error(StatusCodes.Status403Forbidden, "API rate limit exceeded for user ID 1.");
            }

            _used++;
            Describe(context);
            return null;
        }
    }

    /// <summary>A conditional request that found nothing new costs nothing.</summary>
    public void GiveBack(HttpContext context)
    {
        lock (_lock)
        {
            _used--;
            _unchanged++;
            Describe(context);
        }
    }

    /// <summary>As <c>/rate_limit</c>; <c>unchanged</c>, how many requests were answered with 304, is the mock's own.</summary>
    public object State()
    {
        lock (_lock)
        {
            var core = new { limit = options.RateLimit, used = _used, remaining = Math.Max(0, options.RateLimit - _used), reset = _reset.ToUnixTimeSeconds(), resource = "core" };
            return new { resources = new { core }, rate = core, unchanged = _unchanged };
        }
    }

    private void Describe(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit"] = options.RateLimit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-used"] = _used.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = Math.Max(0, options.RateLimit - _used).ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = _reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-resource"] = "core";
    }
}
