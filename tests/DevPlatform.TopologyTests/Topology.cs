using System.Diagnostics;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using DevPlatform.AppHost.Demo;

namespace DevPlatform.TopologyTests;

/// <summary>The whole local topology on random ports with data of its own, started once for the tests that share it.</summary>
public sealed class Topology : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private DistributedApplication? _app;
    private Task<Templates.TemplateRuns>? _templates;
    private bool _hasDatabase;

    internal DistributedApplication App => _app ?? throw new InvalidOperationException("The topology has not started.");

    internal Uri Api => App.GetEndpoint("api");

    internal Uri Keycloak => App.GetEndpoint("keycloak");

    internal Uri Git => App.GetEndpoint("git");

    internal Uri ArgoCd => App.GetEndpoint("argocd");

    internal Uri Kubernetes => App.GetEndpoint("kubernetes");

    internal Uri SchemaRegistry => App.GetEndpoint("apicurio");

    public async Task InitializeAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.DevPlatform_AppHost>(limit.Token);
        _app = await builder.BuildAsync(limit.Token);
        await _app.StartAsync(limit.Token);
        await ApiIsHealthyAsync();
    }

    public async Task DisposeAsync()
    {
        if (_templates is not null)
        {
            await (await _templates).DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    internal async Task ApiIsHealthyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        await App.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token);
    }

    internal Task<PlatformClient> SignInAsync(string account) => PlatformClient.SignInAsync(Api, Keycloak, account, CancellationToken.None);

    /// <summary>The runs of all shipped templates, begun when the first test asks. Tests of one collection do not ask at the same time.</summary>
    internal Task<Templates.TemplateRuns> TemplatesAsync() => _templates ??= Templates.TemplateRuns.StartAsync(this);

    /// <summary>Waits until the example organization is in the catalog.</summary>
    internal async Task SeededAsync(PlatformClient client)
    {
        foreach (var path in (string[])["component/default/orders-api", "template/default/postgresql-database", "user/default/developer"])
        {
            await client.PollAsync($"api/catalog/entities/by-name/{path}", _ => true, StartLimit, path, default);
        }
    }

    /// <summary>Asks for a small database of team-orders; the answer is the task's id.</summary>
    internal async Task<string> StartDatabaseAsync(PlatformClient client, string name, string environment = "development")
    {
        await SeededAsync(client);
        var task = await client.PostAsync("api/scaffolder/v2/tasks", new JsonObject
        {
            ["templateRef"] = "template:default/postgresql-database",
            ["values"] = new JsonObject
            {
                ["name"] = name,
                ["owner"] = "group:default/team-orders",
                ["environment"] = environment,
                ["size"] = "small",
                ["storageGiB"] = 10,
                ["reason"] = "A test needs it",
            },
        }, default);
        return task["id"]!.GetValue<string>();
    }

    /// <summary>A database of team-orders that is ready, for tests that need one and change nothing about it.</summary>
    internal async Task<string> ReadyDatabaseAsync()
    {
        const string Name = "shared-by-tests";
        if (!_hasDatabase)
        {
            using var developer = await SignInAsync("developer");
            (await EndAsync(developer, await StartDatabaseAsync(developer, Name))).ShouldBe("completed");
            _hasDatabase = true;
        }

        return Name;
    }

    /// <summary>Waits until a task is over; the answer is its status.</summary>
    internal static async Task<string> EndAsync(PlatformClient client, string taskId)
    {
        var task = await client.PollAsync(
            $"api/scaffolder/v2/tasks/{taskId}", task => task["status"]!.GetValue<string>() is "completed" or "failed" or "cancelled",
            TimeSpan.FromMinutes(4), "The task ends", default);
        return task["status"]!.GetValue<string>();
    }

    /// <summary>Approves what a task waits for, if the caller may.</summary>
    internal static async Task<bool> ApproveAsync(PlatformClient client, string taskId)
    {
        var inbox = await client.GetAsync("api/access/approvals", default);
        var approval = inbox["items"]!.AsArray().FirstOrDefault(a => a!["subjectId"]!.ToString() == taskId && a["actions"]!.AsArray().Any(action => action!.ToString() == "review"));
        if (approval is null)
        {
            return false;
        }

        await client.PostAsync($"api/access/approvals/{approval["id"]}/review", new JsonObject { ["decision"] = "approve", ["comment"] = "Fine" }, default);
        return true;
    }

    /// <summary>SIGKILLs the API; the host starts it again.</summary>
    internal async Task KillApiAsync()
    {
        var result = await App.ResourceCommands.ExecuteCommandAsync("api", "kill");
        result.Success.ShouldBeTrue(result.Message);
        await ApiIsHealthyAsync();
    }

    /// <summary>Full messages of the commits on a repository's main branch, newest first.</summary>
    internal async Task<IReadOnlyList<string>> CommitsAsync(string repository)
    {
        var directory = Directory.CreateTempSubdirectory("devplatform-clone-");
        try
        {
            await GitAsync(directory.FullName, "clone", "--quiet", "--bare", new Uri(Git, $"{repository}.git").ToString(), ".");
            var log = await GitAsync(directory.FullName, "log", "--format=%B%x00", "main");
            return log.Split('\0', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Commits and pushes a change of one file, which may be new, to a repository's main branch, as the Git server's account.</summary>
    internal async Task EditAsync(string repository, string file, Func<string, string> edit)
    {
        var directory = Directory.CreateTempSubdirectory("devplatform-edit-");
        try
        {
            var url = new UriBuilder(new Uri(Git, $"{repository}.git")) { UserName = "devplatform", Password = "devplatform-git-local" };
            await GitAsync(directory.FullName, "clone", "--quiet", url.ToString(), ".");
            var path = Path.Combine(directory.FullName, file);
            await File.WriteAllTextAsync(path, edit(File.Exists(path) ? await File.ReadAllTextAsync(path) : ""));
            await GitAsync(directory.FullName, "add", "--all");
            await GitAsync(directory.FullName, "-c", "user.name=Editor", "-c", "user.email=editor@example.org", "commit", "--quiet", "--all", "--message", $"Edit {file}");
            await GitAsync(directory.FullName, "push", "--quiet", "origin", "HEAD:main");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Paths of all files on a repository's main branch.</summary>
    internal async Task<IReadOnlyList<string>> FilesAsync(string repository)
    {
        var clone = await CloneAsync(repository);
        try
        {
            return (await GitAsync(clone.FullName, "ls-files", "-z")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            clone.Delete(recursive: true);
        }
    }

    /// <summary>A repository's main branch in a directory of its own, which is the caller's to delete.</summary>
    internal async Task<DirectoryInfo> CloneAsync(string repository)
    {
        var directory = Directory.CreateTempSubdirectory("devplatform-clone-");
        await GitAsync(directory.FullName, "clone", "--quiet", "--branch", "main", new Uri(Git, $"{repository}.git").ToString(), ".");
        return directory;
    }

    /// <summary>The commit that a task made on a repository's main branch, with the files it added or changed by path.</summary>
    internal async Task<(string? Commit, IReadOnlyDictionary<string, string> Files)> CommitOfAsync(string repository, string task)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var directory = Directory.CreateTempSubdirectory("devplatform-clone-");
        try
        {
            await GitAsync(directory.FullName, "clone", "--quiet", "--bare", new Uri(Git, $"{repository}.git").ToString(), ".");
            var commit = (await GitAsync(directory.FullName, "log", "--no-merges", "--format=%H", $"--grep=Task-Id: {task}", "main")).Split('\n')[0];
            if (commit.Length > 0)
            {
                var paths = await GitAsync(directory.FullName, "show", "--format=", "--name-only", "-z", "--diff-filter=AM", commit);
                foreach (var path in paths.Split('\0', StringSplitOptions.RemoveEmptyEntries))
                {
                    files[path] = await GitAsync(directory.FullName, "show", $"{commit}:{path}");
                }
            }

            return (commit.Length > 0 ? commit : null, files);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> GitAsync(string directory, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        git.ExitCode.ShouldBe(0, $"git {string.Join(' ', arguments)}");
        return output;
    }
}

[CollectionDefinition(Name)]
public sealed class TopologyCollection : ICollectionFixture<Topology>, ICollectionFixture<Portal.Chromium>
{
    public const string Name = "topology";
}
