using System.Diagnostics;

namespace DevPlatform.AppHost.Tests.Support;

internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromSeconds(20)))
            {
                throw new TimeoutException($"Not within {watch.Elapsed.TotalSeconds:0} s: {what()}");
            }

            await Task.Delay(25);
        }
    }
}
