using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.TestKit;

namespace DevPlatform.Scaffolder.Tests.DryRun;

/// <summary>
/// A template with every built-in action that a dry run runs, dry-run here and, once, by a real Backstage 1.55 (<c>peer/golden.json</c>, written by
/// <c>peer/record.mjs</c>).
/// </summary>
[Collection(ScaffolderCollection.Name)]
public sealed class PeerDryRunTests(ScaffolderFixture fixture)
{
    private static readonly string Peer = Repository.PathOf("tests", "DevPlatform.Scaffolder.Tests", "DryRun", "peer");
    private static readonly JsonNode Golden = JsonNode.Parse(File.ReadAllText(Path.Combine(Peer, "golden.json")))!;

    [Fact]
    public async Task Leaves_the_files_that_Backstage_leaves()
    {
        var run = await RunAsync();

        Contents(run).ShouldBe(Contents(Golden));
    }

    [Fact]
    public async Task Answers_output_steps_and_log_as_Backstage_does()
    {
        var run = await RunAsync();

        run["output"]!.ToJsonString().ShouldBe(Golden["output"]!.ToJsonString());
        run["steps"]!.AsArray().Select(s => (s!["id"]!.ToString(), s["action"]!.ToString())).ShouldBe(Golden["steps"]!.AsArray().Select(s => (s!["id"]!.ToString(), s["action"]!.ToString())));
        run["log"]!.AsArray().Select(l => l!["body"]!).Where(b => b["status"] is not null).Select(Line).ShouldBe(Golden["log"]!.AsArray().Select(b => Line(b!)));
    }

    private async Task<JsonNode> RunAsync()
    {
        var request = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Peer, "request.json")))!;
        var files = Path.Combine(Peer, "files");
        request["directoryContents"] = new JsonArray([.. Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new JsonObject
        {
            ["path"] = Path.GetRelativePath(files, file).Replace('\\', '/'),
            ["base64Content"] = Convert.ToBase64String(File.ReadAllBytes(file)),
        })]);
        using var answer = await fixture.Host.Client().PostAsJsonAsync("/api/scaffolder/v2/dry-run", request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static string Line(JsonNode body) => $"{body["stepId"]} {body["status"]}: {body["message"]}";

    /// <summary>One text, so that a difference shows where it is.</summary>
    private static string Contents(JsonNode run) => string.Join('\n', run["directoryContents"]!.AsArray().OrderBy(f => f!["path"]!.ToString(), StringComparer.Ordinal)
        .Select(f => $"=== {f!["path"]} {f["executable"]}\n{Encoding.UTF8.GetString(Convert.FromBase64String(f["base64Content"]!.ToString()))}"));
}
