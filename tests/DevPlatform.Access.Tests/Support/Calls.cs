using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DevPlatform.Access.Tests.Support;

/// <summary>Short ways to say what a test does to the API.</summary>
internal static class Calls
{
    public static object Request(string resource = "resource:default/orders", string accessType = "read", string? duration = "PT1H") =>
        new { resource, accessType, duration, justification = "Look into a slow query" };

    public static async Task<JsonElement> PostAsync(this HttpClient client, string path, object? body = null) =>
        await OkAsync(await client.PostAsJsonAsync($"/api/access/{path}", body ?? new { }));

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path) => await OkAsync(await client.GetAsync($"/api/access/{path}"));

    /// <summary>Sends what must be refused, and answers the message of the error.</summary>
    public static async Task<string> RefusedAsync(this HttpClient client, HttpStatusCode status, string path, object? body = null)
    {
        var response = await client.PostAsJsonAsync($"/api/access/{path}", body ?? new { });
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString()!;
    }

    public static async Task<JsonElement> RequestAccessAsync(this HttpClient client, object request) => await client.PostAsync("requests", request);

    /// <summary>Asks for access and waits until it is active.</summary>
    public static async Task<JsonElement> GetAccessAsync(this HttpClient client, string? duration = "PT1H", string accessType = "read")
    {
        var request = await client.RequestAccessAsync(Request(accessType: accessType, duration: duration));
        return await client.UntilAsync(request.Id(), "Active");
    }

    public static Task<JsonElement> UntilAsync(this HttpClient client, string id, string state) =>
        client.UntilAsync(id, r => r.State() == state, $"{id} is {state}");

    public static async Task<JsonElement> UntilAsync(this HttpClient client, string id, Func<JsonElement, bool> condition, string what)
    {
        var last = default(JsonElement);
        await Eventually.TrueAsync(async () => condition(last = await client.GetJsonAsync($"requests/{id}")), () => $"{what}: {last}");
        return last;
    }

    public static string Id(this JsonElement request) => request.GetProperty("id").GetString()!;

    public static string State(this JsonElement request) => request.GetProperty("state").GetString()!;

    public static string[] Actions(this JsonElement request) => [.. request.GetProperty("actions").EnumerateArray().Select(a => a.GetString()!)];

    public static bool IsNull(this JsonElement element, string name) => element.GetProperty(name).ValueKind == JsonValueKind.Null;

    private static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}

/// <summary>Waiting with a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), what());
            await Task.Delay(100);
        }
    }
}
