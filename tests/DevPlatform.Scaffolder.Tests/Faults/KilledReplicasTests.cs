using System.Collections.Concurrent;
using DevPlatform.Scaffolder.Tests.Support;
using DevPlatform.TestKit;
using Npgsql;

namespace DevPlatform.Scaffolder.Tests.Faults;

/// <summary>
/// Two API processes, killed again and again at random instants while tasks are created and run. Whatever was going on, each task ends, commits once,
/// and leaves nothing behind.
/// </summary>
public sealed class KilledReplicasTests : IAsyncLifetime
{
    /// <summary>A busy machine, on which a start takes long, may be spared: <c>DEVPLATFORM_TEST_KILLS</c>.</summary>
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("DEVPLATFORM_TEST_KILLS") ?? "30", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly int Tasks = Kills * 10 / 3;
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(5);

    private readonly Random _random = new();
    private readonly Canary _canary = new("canary-5fQz7-w8Xk2-mV0pR");
    private readonly string _directory = Directory.CreateTempSubdirectory("scaffolder-kills-").FullName;
    private readonly ConcurrentQueue<string> _log = new();
    private GitServer _git = null!;
    private string _database = "";
    private ApiReplica[] _replicas = [];
    private ProvisioningClient _client = null!;

    public async Task InitializeAsync()
    {
        _git = await GitServer.StartAsync(Path.Combine(_directory, "git"));
        _database = await PostgresServer.CreateDatabaseAsync();
        var keycloak = await Keycloak.GetAsync();
        var token = await keycloak.ForgeAsync(new { username = "platform-admin", expiresIn = 3600 });
        var arguments = PlatformApi.ArgumentsFor(_database, keycloak.BaseUrl, [.. _git.Settings.Select(s => $"{s.Key}={s.Value}"), .. Settings]);
        await ApiReplica.MigrateAsync(arguments);
        _replicas = [ApiReplica.Start(arguments, token, _log), ApiReplica.Start(arguments, token, _log)];
        _client = new ProvisioningClient(_replicas);
        await _client.WaitForTemplateAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        await _git.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_task_ends_with_one_commit_and_leaves_no_workspace_and_no_secret()
    {
        var ids = new List<Task<string>>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            while (ids.Count < Tasks * kill / Kills)
            {
                var number = ids.Count;
                ids.Add(_client.CreateAsync($"killed-{number}", number % 2 == 0 ? _canary.Value : null));
            }

            await KillAsync(kill, ids[^1]);
        }

        var tasks = await _client.WaitForEndAsync(await Task.WhenAll(ids), EndLimit);

        tasks.Count.ShouldBe(Tasks);
        tasks.ShouldAllBe(t => t.Status == "completed", string.Join('\n', tasks.Where(t => t.Status != "completed")) + "\n" + Log());
        var commits = _git.Commits();
        foreach (var (id, _, commit, _) in tasks)
        {
            commits.Where(c => c.Message.Split('\n').Contains($"Task-Id: {id}")).ShouldHaveSingleItem().Sha.ShouldBe(commit);
        }

        commits.Count(c => c.Message.Contains("Task-Id: ")).ShouldBe(Tasks);
        await NothingIsLeftAsync();
        await NoSecretIsShownAsync(tasks.Select(t => t.Id));
    }

    // Mostly one that works while the other works too; now and then one that is just starting.
    private async Task KillAsync(int kill, Task newest)
    {
        var victim = _replicas[kill % _replicas.Length];
        if (kill % 5 != 0)
        {
            await Task.WhenAll(_replicas.Select(r => r.ClientAsync()));
            await Task.WhenAny(newest, Task.Delay(_random.Next(0, 5000)));
        }

        await Task.Delay(_random.Next(0, 1500));

        await victim.KillAsync();
    }

    private async Task NothingIsLeftAsync()
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var rows = source.CreateCommand(
            "select (select count(*) from scaffolder.task_workspaces) + (select count(*) from scaffolder.quota_reservations) + (select count(*) from scaffolder.tasks where lease_id is not null or protected_secrets is not null)");
        (await rows.ExecuteScalarAsync()).ShouldBe(0L);

        // The dead replicas' folders are gone, and in those of the living there is no workspace.
        await Eventually.GetAsync(
            () => Task.FromResult(Directory.GetDirectories(WorkingDirectory).SelectMany(d => Directory.GetDirectories(d).Append(d)).ToList()),
            left => left.Count(d => Path.GetDirectoryName(d) == WorkingDirectory) == _replicas.Length && left.All(d => Path.GetDirectoryName(d) == WorkingDirectory || Path.GetFileName(d) == "gitops"),
            TimeSpan.FromSeconds(60));
    }

    private async Task NoSecretIsShownAsync(IEnumerable<string> ids)
    {
        (await _canary.FindInDatabaseAsync(_database)).ShouldBeEmpty();
        _canary.FindInRepository(_git.DirectoryOf("platform/gitops")).ShouldBeEmpty();
        _canary.FindInFiles(WorkingDirectory).ShouldBeEmpty();
        _log.Where(_canary.IsIn).ShouldBeEmpty();
        foreach (var id in ids)
        {
            _canary.IsIn(await _client.EventsAsync(id)).ShouldBeFalse(id);
        }

        // All of this could find it: the template's own words around the secret are there.
        (await new Canary("the secret is").FindInDatabaseAsync(_database)).ShouldNotBeEmpty();
        new Canary($"killed-{Tasks - 1}").FindInRepository(_git.DirectoryOf("platform/gitops")).ShouldNotBeEmpty();
    }

    private string WorkingDirectory => Path.Combine(_directory, "work");

    private string[] Settings =>
    [
        $"Scaffolder:WorkingDirectory={WorkingDirectory}", $"Git:CacheDirectory={Path.Combine(_directory, "cache")}",
        "Logging:LogLevel:Default=Information", "Logging:LogLevel:Microsoft.EntityFrameworkCore=Warning",
        "Scaffolder:Tasks:HeartbeatInterval=00:00:00.500", "Scaffolder:Tasks:HeartbeatTimeout=00:00:04", "Scaffolder:Tasks:SweepInterval=00:00:01",
        // Nobody is parked here for having been killed often.
        "Scaffolder:Tasks:MaxClaimsWithoutProgress=100",
        $"Scaffolder:Guardrails:Quotas:staging={Tasks}", $"Catalog:Locations:0:Target={_git.BaseUrl}platform/templates/src/branch/main/provision/all.yaml",
        $"Catalog:ReadingAllow:0={_git.BaseUrl.Authority}",
    ];

    private string Log() => string.Join('\n', _log.Where(l => l.Contains("Exception", StringComparison.Ordinal) || l.Contains("fail", StringComparison.Ordinal)).TakeLast(40));
}
