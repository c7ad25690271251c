using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>What a user does with tasks, over HTTP.</summary>
internal static class TaskClient
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static Task<HttpResponseMessage> PostTaskAsync(this HttpClient client, string templateRef, object values, object? secrets = null) =>
        client.PostAsJsonAsync("/api/scaffolder/v2/tasks", new { templateRef, values, secrets = secrets ?? new { } });

    public static async Task<string> CreateTaskAsync(this HttpClient client, string templateRef, object values, object? secrets = null)
    {
        using var answer = await client.PostTaskAsync(templateRef, values, secrets);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.ToString();
    }

    public static async Task<JsonObject> GetTaskAsync(this HttpClient client, string id) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/scaffolder/v2/tasks/{id}"))!;

    public static Task<JsonObject> WaitForStatusAsync(this HttpClient client, string id, params string[] statuses) =>
        UntilAsync(
            async () =>
            {
                var task = await client.GetTaskAsync(id);
                var status = task["status"]!.ToString();
                return statuses.Contains(status) ? task
                    : status is "completed" or "failed" or "cancelled" ? throw new InvalidOperationException($"task {id} is {status}: {string.Join("\n", (await client.GetEventsAsync(id)).Select(e => e["body"]!.ToJsonString()))}")
                    : null;
            },
            async () => $"task {id} did not reach {string.Join("/", statuses)}: {(await client.GetTaskAsync(id))["status"]}\n{string.Join("\n", (await client.GetEventsAsync(id)).Select(e => e.ToJsonString()))}");

    public static Task<JsonObject> WaitForEndAsync(this HttpClient client, string id) => client.WaitForStatusAsync(id, "completed", "failed", "cancelled");

    public static async Task<IReadOnlyList<JsonObject>> GetEventsAsync(this HttpClient client, string id, long after = 0) =>
        [.. (await client.GetFromJsonAsync<JsonArray>($"/api/scaffolder/v2/tasks/{id}/events?after={after}"))!.OfType<JsonObject>()];

    public static async Task<IReadOnlyList<string>> GetMessagesAsync(this HttpClient client, string id) =>
        [.. (await client.GetEventsAsync(id)).Select(e => e["body"]!["message"]!.ToString())];

    /// <summary>In which step's log the page shows a line, the first if there are several.</summary>
    public static async Task<string?> GetStepOfAsync(this HttpClient client, string id, string message) =>
        (await client.GetEventsAsync(id)).First(e => e["body"]!["message"]!.ToString().Contains(message, StringComparison.Ordinal))["body"]!["stepId"]?.ToString();

    public static async Task<JsonObject> GetCompletionAsync(this HttpClient client, string id) =>
        (JsonObject)(await client.GetEventsAsync(id)).First(e => e["type"]!.ToString() == "completion")["body"]!;

    public static async Task<T> UntilAsync<T>(Func<Task<T?>> probe, Func<Task<string>> problem)
        where T : class
    {
        var until = DateTime.UtcNow + Deadline;
        while (true)
        {
            if (await probe() is { } found)
            {
                return found;
            }

            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException(await problem());
            }

            await Task.Delay(50);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string problem) =>
        UntilAsync(() => Task.FromResult(condition() ? "" : null), () => Task.FromResult(problem));
}
