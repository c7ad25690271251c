using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DevPlatform.TestKit;

namespace DevPlatform.Scaffolder.Tests.Faults;

/// <summary>A task as it ended.</summary>
internal sealed record EndedTask(string Id, string Status, string? Commit, string? Error);

/// <summary>Somebody who uses the platform while its processes die: asks again at whichever answers, and looks first whether it was done.</summary>
internal sealed class ProvisioningClient(IReadOnlyList<ApiReplica> replicas)
{
    private const string Template = "template:default/provision";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private int _next;

    public Task WaitForTemplateAsync() => RetryAsync(async http =>
    {
        using var answer = await http.GetAsync("/api/scaffolder/v2/templates/default/template/provision/parameter-schema");
        return answer.IsSuccessStatusCode ? "" : null;
    });

    /// <summary>Creates one task of that name, however often it takes.</summary>
    public Task<string> CreateAsync(string name, string? secret) => RetryAsync(async http =>
    {
        if (await FindAsync(http, name) is { } id)
        {
            return id;
        }

        using var answer = await http.PostAsJsonAsync("/api/scaffolder/v2/tasks", new
        {
            templateRef = Template,
            values = new { name, environment = "staging", owner = "group:default/team-kills" },
            secrets = secret is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["pass"] = secret },
        });
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode switch
        {
            HttpStatusCode.Created => JsonNode.Parse(text)!["id"]!.ToString(),
            // The request before this one went through after all.
            HttpStatusCode.Conflict => null,
            >= HttpStatusCode.InternalServerError => null,
            _ => throw new InvalidOperationException($"{name}: {answer.StatusCode} {text}"),
        };
    });

    public async Task<IReadOnlyList<EndedTask>> WaitForEndAsync(IReadOnlyCollection<string> ids, TimeSpan limit) =>
        await Eventually.GetAsync(
            () => RetryAsync(async http => (IReadOnlyList<EndedTask>)[.. (await ListAsync(http)).Where(t => ids.Contains(t["id"]!.ToString())).Select(End)]),
            tasks => tasks.All(t => t.Status is "completed" or "failed" or "cancelled"),
            limit);

    public Task<string> EventsAsync(string id) => RetryAsync<string>(async http => await http.GetStringAsync($"/api/scaffolder/v2/tasks/{id}/events"));

    private static EndedTask End(JsonNode task) => new(task["id"]!.ToString(), task["status"]!.ToString(), task["commit"]?.ToString(), task["error"]?.ToJsonString());

    private static async Task<string?> FindAsync(HttpClient http, string name) =>
        (await ListAsync(http)).FirstOrDefault(t => t["spec"]!["parameters"]!["name"]!.ToString() == name)?["id"]!.ToString();

    private static async Task<IEnumerable<JsonNode>> ListAsync(HttpClient http) =>
        (await http.GetFromJsonAsync<JsonObject>("/api/scaffolder/v2/tasks?limit=1000"))!["tasks"]!.AsArray().Select(t => t!);

    private async Task<T> RetryAsync<T>(Func<HttpClient, Task<T?>> ask)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var replica = replicas[Interlocked.Increment(ref _next) % replicas.Count];
                if (replica.IsReady && await ask(await replica.ClientAsync()) is { } answer)
                {
                    return answer;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !limit.IsCancellationRequested)
            {
                // It died, or was about to.
            }

            await Task.Delay(100, limit.Token);
        }
    }
}
