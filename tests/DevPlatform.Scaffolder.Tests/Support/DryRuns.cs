using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Tests.Support;

/// <summary>What a test does with dry runs, and with single steps.</summary>
internal static class DryRuns
{
    /// <param name="client">Who tries it.</param>
    /// <param name="template">Name, annotations, parameters, steps, output as YAML.</param>
    /// <param name="values">Parameters.</param>
    /// <param name="files">Files beside the template.</param>
    /// <param name="secrets">Secrets.</param>
    public static Task<HttpResponseMessage> PostDryRunAsync(
        this HttpClient client, string template, object? values = null, Dictionary<string, string>? files = null, object? secrets = null)
    {
        var entity = Yaml.Parse(template);
        entity["apiVersion"] ??= "scaffolder.backstage.io/v1beta3";
        entity["kind"] ??= "Template";
        return client.PostAsJsonAsync("/api/scaffolder/v2/dry-run", new
        {
            template = entity,
            values = values ?? new { },
            secrets = secrets ?? new { },
            directoryContents = (files ?? []).Select(f => new { path = f.Key, base64Content = Convert.ToBase64String(Encoding.UTF8.GetBytes(f.Value)) }),
        });
    }

    public static async Task<JsonObject> DryRunAsync(
        this HttpClient client, string template, object? values = null, Dictionary<string, string>? files = null, object? secrets = null)
    {
        using var answer = await client.PostDryRunAsync(template, values, files, secrets);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>The workspace that one step leaves, with its output in <c>output.result</c>.</summary>
    public static Task<JsonObject> DryRunStepAsync(this HttpClient client, string action, string input, Dictionary<string, string>? files = null) =>
        client.DryRunAsync(Step(action, input), files: files);

    /// <summary>A template of one step, whose output is the task's.</summary>
    public static string Step(string action, string input) =>
        $$$"""
        metadata: { name: one-step }
        spec:
          type: service
          steps: [{ id: one, action: "{{{action}}}", input: {{{input}}} }]
          output: { result: "${{ steps.one.output }}" }
        """;

    public static Dictionary<string, string> Files(this JsonObject run) => run["directoryContents"]!.AsArray()
        .ToDictionary(f => f!["path"]!.ToString(), f => Encoding.UTF8.GetString(Convert.FromBase64String(f!["base64Content"]!.ToString())));

    public static JsonNode Result(this JsonObject run) => run["output"]!["result"]!;

    public static IReadOnlyList<string> Log(this JsonObject run) => [.. run["log"]!.AsArray().Select(l => l!["body"]!["message"]!.ToString())];

    /// <summary>The message of a request that must be refused.</summary>
    public static async Task<string> ErrorAsync(this Task<HttpResponseMessage> request, HttpStatusCode status)
    {
        using var answer = await request;
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        return JsonNode.Parse(text)!["error"]!["message"]!.ToString();
    }

    /// <summary>Runs one step for real; returns the task's id and the step's output.</summary>
    public static async Task<(string Id, JsonNode Output)> RunStepAsync(this ScaffolderFixture fixture, string action, string input)
    {
        var client = fixture.Host.Client();
        var id = await fixture.StartStepAsync(action, input);
        await client.WaitForStatusAsync(id, "completed");
        return (id, (await client.GetCompletionAsync(id))["output"]!["result"]!);
    }

    /// <summary>Runs one step that must fail; returns the error's message.</summary>
    public static async Task<string> FailStepAsync(this ScaffolderFixture fixture, string action, string input)
    {
        var client = fixture.Host.Client();
        var id = await fixture.StartStepAsync(action, input);
        (await client.WaitForEndAsync(id))["status"]!.ToString().ShouldBe("failed");
        return (await client.GetCompletionAsync(id))["error"]!["message"]!.ToString();
    }

    public static Task<string> StartStepAsync(this ScaffolderFixture fixture, string action, string input)
    {
        var template = fixture.Platform.AddTemplate(Step(action, input).Replace("one-step", SampleTemplates.UniqueName("step"), StringComparison.Ordinal), fixture.Git.TemplateUrl("database"));
        return fixture.Host.Client().CreateTaskAsync(template, new { });
    }
}
