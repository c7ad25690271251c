using System.Text.Json.Nodes;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>Asks again and again until the answer is the wanted one.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, int seconds = 20)
        where T : class
    {
        var end = DateTimeOffset.UtcNow.AddSeconds(seconds);
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            (DateTimeOffset.UtcNow < end).ShouldBeTrue($"not within {seconds} s: {what}");
            await Task.Delay(50);
        }
    }

    public static Task HoldsAsync(Func<Task<bool>> condition, string what, int seconds = 20) =>
        GetAsync(async () => await condition() ? "yes" : null, what, seconds);

    /// <summary>An entity's relations as <c>type target</c>.</summary>
    public static List<string> Relations(this JsonObject entity) =>
        [.. entity["relations"]!.AsArray().Select(r => $"{r!["type"]} {r["targetRef"]}")];

    public static List<string> StatusMessages(this JsonObject entity) =>
        [.. (entity["status"]?["items"]?.AsArray() ?? []).Select(item => item!["message"]!.GetValue<string>())];

    public static string? Annotation(this JsonObject entity, string name) => entity["metadata"]!["annotations"]![name]?.GetValue<string>();
}
