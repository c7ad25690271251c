using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Actions;
using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DevPlatform.Scaffolder.Tests.Tasks;

/// <summary>
/// Two replicas. The first goes silent in the middle of a step, as a process does that was killed or lost its network; the second must finish
/// the task without doing anything twice, and the first must not write any more when it comes back.
/// </summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("scaffolder-recovery-").FullName;
    private readonly FakePlatform _platform = new();
    private readonly TaskCompletionSource _comeBack = new();
    private string _connectionString = "";
    private GitServer _git = null!;

    public async Task InitializeAsync()
    {
        _git = await GitServer.StartAsync(Path.Combine(_directory, "git"));
        _connectionString = await PostgresServer.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await _git.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Another_replica_continues_after_the_last_finished_step()
    {
        var template = _platform.AddTemplate(
            """
            metadata: { name: recovered }
            spec:
              type: service
              steps:
                - { id: write, action: "catalog:write", input: { filePath: kept.yaml, entity: { kind: Kept } } }
                - { id: hang, action: "test:step" }
                - { id: list, action: "debug:log", input: { message: "${{ steps.hang.output.by }}", listWorkspace: true } }
            """);
        await using var silent = await StartAsync(new HangingAction(_comeBack.Task), silent: true);
        var client = silent.Client();
        var id = await client.CreateTaskAsync(template, new { });
        await TaskClient.UntilAsync(async () => (await client.GetMessagesAsync(id)).Contains("Beginning step test:step") ? "" : null, () => Task.FromResult("no start"));

        await using var second = await StartAsync(new NamedAction("second"), silent: false);
        await second.Client().WaitForStatusAsync(id, "completed");
        _comeBack.SetResult();

        var messages = await second.Client().GetMessagesAsync(id);
        messages.Count(m => m == "Beginning step catalog:write").ShouldBe(1);
        messages.ShouldContain("Continuing after an interruption: 1 of 3 steps are done");
        messages.ShouldContain("second");
        messages.ShouldContain(m => m.Contains("kept.yaml"));
        messages.Count(m => m == "Finished step test:step").ShouldBe(1);
        messages[^1].ShouldBe("Run completed with status: completed");
    }

    [Fact]
    public async Task A_commit_that_was_pushed_before_the_crash_is_not_made_again()
    {
        var template = _platform.AddTemplate(SampleTemplates.Database("recovered-commit").Replace("gitops:commit", "test:commit", StringComparison.Ordinal));
        await using var silent = await StartAsync(services => new CommitAction(services, _comeBack.Task), silent: true);
        var id = await silent.Client().CreateTaskAsync(template, new { name = "recovered-db", environment = "staging", owner = "team-orders" });
        await TaskClient.UntilAsync(() => CommitsOf(id).Count == 1, "no commit was pushed");

        await using var second = await StartAsync(services => new CommitAction(services, Task.CompletedTask), silent: false);
        var task = await second.Client().WaitForStatusAsync(id, "completed");
        _comeBack.SetResult();

        CommitsOf(id).ShouldHaveSingleItem().ShouldBe(task["commit"]!.ToString());
        (await second.Client().GetMessagesAsync(id)).ShouldContain(m => m.Contains("of this step is already on main"));
    }

    [Fact]
    public async Task A_task_that_takes_its_workers_down_is_parked()
    {
        var template = _platform.AddTemplate("metadata: { name: poison }\nspec: { type: service, steps: [{ id: hang, action: \"test:step\" }] }");
        await using var host = await StartAsync(new HangingAction(_comeBack.Task), silent: true, ("Scaffolder:Tasks:MaxClaimsWithoutProgress", "1"));
        var id = await host.Client().CreateTaskAsync(template, new { });
        await TaskClient.UntilAsync(async () => (await host.Client().GetMessagesAsync(id)).Contains("Beginning step test:step") ? "" : null, () => Task.FromResult("no start"));

        await using var second = await StartAsync(new NamedAction("never"), silent: false, ("Scaffolder:Tasks:MaxClaimsWithoutProgress", "1"));
        await second.Client().WaitForStatusAsync(id, "failed");
        _comeBack.SetResult();

        (await second.Client().GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldBe("Interrupted 1 times in hang without progress");
    }

    [Fact]
    public async Task A_replica_that_stops_hands_its_tasks_over()
    {
        var template = _platform.AddTemplate("metadata: { name: handed-over }\nspec: { type: service, steps: [{ id: hang, action: \"test:step\" }] }");
        var first = await StartAsync(new HangingAction(_comeBack.Task), silent: false);
        var id = await first.Client().CreateTaskAsync(template, new { });
        await TaskClient.UntilAsync(async () => (await first.Client().GetMessagesAsync(id)).Contains("Beginning step test:step") ? "" : null, () => Task.FromResult("no start"));

        await first.DisposeAsync();
        await using var second = await StartAsync(new NamedAction("second"), silent: false);

        (await second.Client().WaitForEndAsync(id))["status"]!.ToString().ShouldBe("completed");
    }

    [Fact]
    public async Task A_failure_of_the_platforms_own_database_is_not_the_tasks()
    {
        var template = _platform.AddTemplate("metadata: { name: cut-off }\nspec: { type: service, steps: [{ id: cut, action: \"test:step\" }] }");
        await using var host = await StartAsync(new CutOffAction(), silent: false);

        var id = await host.Client().CreateTaskAsync(template, new { });

        await host.Client().WaitForStatusAsync(id, "completed");
        (await host.Client().GetMessagesAsync(id)).ShouldContain(m => m.StartsWith("Continuing after an interruption", StringComparison.Ordinal));
    }

    private List<string> CommitsOf(string taskId) => [.. _git.Commits().Where(c => c.Message.Contains(taskId)).Select(c => c.Sha)];

    private Task<ScaffolderHost> StartAsync(IScaffolderAction action, bool silent, params (string Key, string Value)[] settings) =>
        StartAsync(_ => action, silent, settings);

    private Task<ScaffolderHost> StartAsync(Func<IServiceProvider, IScaffolderAction> action, bool silent, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_git.Settings);
        if (silent)
        {
            // Never beats, never sweeps: for the others this replica is dead.
            all["Scaffolder:Tasks:HeartbeatInterval"] = "1.00:00:00";
            all["Scaffolder:Tasks:HeartbeatTimeout"] = "2.00:00:00";
            all["Scaffolder:Tasks:SweepInterval"] = "1.00:00:00";
        }

        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return ScaffolderHost.StartAsync(_connectionString, _platform, _directory, all, services => services.AddSingleton(action));
    }

    private static ActionDefinition Define(string id, JsonObject? input = null) => new()
    {
        Id = id,
        Description = "For tests",
        InputSchema = input ?? Schema.Empty,
        OutputSchema = Schema.Empty,
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
    };

    private sealed class HangingAction(Task until) : IScaffolderAction
    {
        public ActionDefinition Definition { get; } = Define("test:step");

        public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
        {
            await until.WaitAsync(cancellationToken);
            context.Output["by"] = "first";
        }
    }

    /// <summary>Finds the pool of connections full, the first time.</summary>
    private sealed class CutOffAction : IScaffolderAction
    {
        private int _runs;

        public ActionDefinition Definition { get; } = Define("test:step");

        public Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _runs) > 1 ? Task.CompletedTask : throw new NpgsqlException("The connection pool has been exhausted", new TimeoutException());
    }

    private sealed class NamedAction(string name) : IScaffolderAction
    {
        public ActionDefinition Definition { get; } = Define("test:step");

        public Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
        {
            context.Output["by"] = name;
            return Task.CompletedTask;
        }
    }

    /// <summary>gitops:commit that may go silent between its push and its end.</summary>
    private sealed class CommitAction(IServiceProvider services, Task until) : IScaffolderAction
    {
        private readonly GitOpsCommit _commit = ActivatorUtilities.CreateInstance<GitOpsCommit>(services);

        public ActionDefinition Definition => Define("test:commit", _commit.Definition.InputSchema);

        public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
        {
            await _commit.ExecuteAsync(context, cancellationToken);
            await until.WaitAsync(cancellationToken);
        }
    }
}
