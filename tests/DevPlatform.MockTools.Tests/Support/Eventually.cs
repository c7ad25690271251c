namespace DevPlatform.MockTools.Tests.Support;

/// <summary>Asks again and again until the answer is the wanted one.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, int seconds = 30)
        where T : class
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"not within {seconds} s: {what}");
            }

            await Task.Delay(50);
        }
    }

    public static Task HoldsAsync(Func<Task<bool>> condition, string what, int seconds = 30) =>
        GetAsync(async () => await condition() ? "yes" : null, what, seconds);
}
