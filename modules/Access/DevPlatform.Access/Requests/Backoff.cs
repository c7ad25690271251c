namespace DevPlatform.Access.Requests;

/// <summary>How long to wait before a tool that did not answer is asked again: half a second, doubling, at most half a minute.</summary>
internal static class Backoff
{
    private const int Longest = 30_000;

    public static TimeSpan After(int attempts) => TimeSpan.FromMilliseconds(Math.Min(Longest, 500 * Math.Pow(2, Math.Min(attempts, 10))));
}
