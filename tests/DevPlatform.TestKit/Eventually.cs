using System.Diagnostics;

namespace DevPlatform.TestKit;

/// <summary>Waits for what happens in the background: asks again until it is so, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until <paramref name="isGood"/> says yes, and returns that answer.</summary>
    /// <exception cref="TimeoutException">It never was; tells the last answer.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isGood, TimeSpan? deadline = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (isGood(answer))
            {
                return answer;
            }

            if (clock.Elapsed > (deadline ?? Deadline))
            {
                throw new TimeoutException($"Not so after {clock.Elapsed.TotalSeconds:0} s; the last answer was: {answer}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task BeAsync(Func<Task<bool>> ask, TimeSpan? deadline = null) => GetAsync(ask, answer => answer, deadline);
}
