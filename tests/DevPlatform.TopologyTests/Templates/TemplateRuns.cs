using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.AppHost.Demo;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>How a case went: the task, what it logged, and the commit with its files.</summary>
internal sealed record TemplateRun(string TaskId, string Status, string Log, IReadOnlyList<string> ApprovedBy, string? Commit, IReadOnlyDictionary<string, string> Files);

/// <summary>Runs the cases through the public API, all at once, each as soon as what it builds on is there.</summary>
internal sealed class TemplateRuns : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private readonly ConcurrentDictionary<string, Lazy<Task<TemplateRun>>> _runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Account, long Period), Lazy<Task<PlatformClient>>> _accounts = new();
    private readonly HttpClient _git;
    private readonly Topology _topology;

    private TemplateRuns(Topology topology)
    {
        _topology = topology;
        _git = new HttpClient { BaseAddress = topology.Git };
        _git.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("devplatform:devplatform-git-local")));
    }

    public static async Task<TemplateRuns> StartAsync(Topology topology)
    {
        var runs = new TemplateRuns(topology);
        var developer = await runs.AsAsync("developer");
        // The example organization is ingested in the background.
        foreach (var template in TemplateCases.All.Select(c => c.Template).Distinct())
        {
            await developer.PollAsync($"api/scaffolder/v2/templates/default/template/{template}/parameter-schema", _ => true, Limit, $"Template {template}", default);
        }

        foreach (var run in TemplateCases.All)
        {
            _ = runs.OfAsync(run.Name);
        }

        return runs;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var account in _accounts.Values)
        {
            (await account.Value).Dispose();
        }

        _git.Dispose();
    }

    /// <summary>An account's client, with a token that is good for some minutes more.</summary>
    internal Task<PlatformClient> AsAsync(string account) =>
        _accounts.GetOrAdd((account, Environment.TickCount64 / 60_000), key => new Lazy<Task<PlatformClient>>(() => _topology.SignInAsync(key.Account))).Value;

    /// <summary>The case's run, when it has ended.</summary>
    internal Task<TemplateRun> OfAsync(string name)
    {
        var run = TemplateCases.All.Single(c => c.Name == name);
        return _runs.GetOrAdd(name, _ => new Lazy<Task<TemplateRun>>(() => RunAsync(run))).Value;
    }

    /// <summary>Runs a template as an account; returns the ended task's status and log.</summary>
    internal async Task<TemplateRun> RunAsync(string account, TemplateCase run)
    {
        var created = await (await AsAsync(account)).PostAsync("api/scaffolder/v2/tasks", new JsonObject { ["templateRef"] = $"template:default/{run.Template}", ["values"] = run.Values.DeepClone() }, default);
        var id = created["id"]!.ToString();
        var approved = new List<string>();
        var status = "";
        using var limit = new CancellationTokenSource(Limit);
        while (status is not ("completed" or "failed" or "cancelled"))
        {
            await Task.Delay(500, limit.Token);
            var task = await (await AsAsync(account)).GetAsync($"api/scaffolder/v2/tasks/{id}", limit.Token);
            status = task["status"]!.ToString();
            if (status == "awaiting-approval" && await ApproveAsync(id, run) is { } approver)
            {
                approved.Add(approver);
            }
            else if (run.ByPullRequest)
            {
                await MergeAsync(run.Repository, id);
            }
        }

        var events = await (await AsAsync(account)).GetAsync($"api/scaffolder/v2/tasks/{id}/events", default);
        var log = string.Join('\n', events.AsArray().Select(e => $"{e!["body"]!["stepId"]}: {e["body"]!["message"]}"));
        var (commit, files) = status == "completed" ? await _topology.CommitOfAsync(run.Repository, id) : (null, new Dictionary<string, string>());
        return new TemplateRun(id, status, log, approved, commit, files);
    }

    private async Task<TemplateRun> RunAsync(TemplateCase run)
    {
        foreach (var before in run.After)
        {
            await OfAsync(before);
        }

        return await RunAsync("developer", run);
    }

    // The first of the case's accounts that the task's open approval is for.
    private async Task<string?> ApproveAsync(string task, TemplateCase run)
    {
        foreach (var approver in run.Approvers)
        {
            if (await Topology.ApproveAsync(await AsAsync(approver), task))
            {
                return approver;
            }
        }

        return null;
    }

    private async Task MergeAsync(string repository, string task)
    {
        var pulls = JsonNode.Parse(await _git.GetStringAsync($"api/v1/repos/{repository}/pulls?state=open"))!.AsArray();
        foreach (var pull in pulls.Where(p => p!["head"]!["ref"]!.ToString().Contains(task.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal)))
        {
            using var merged = await _git.PostAsync($"api/v1/repos/{repository}/pulls/{pull!["number"]}/merge", null);
            merged.IsSuccessStatusCode.ShouldBeTrue();
        }
    }
}
