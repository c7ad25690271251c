using DevPlatform.MockTools.Hosting;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NotFoundException = DevPlatform.Shared.Errors.NotFoundException;

namespace DevPlatform.Shared.Tests.Git;

public sealed class GitRepositoriesTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("git-tests");
    private readonly Repository _origin;

    public GitRepositoriesTests()
    {
        _origin = new Repository(Repository.Init(Path.Combine(_directory.FullName, "origin.git"), isBare: true));
        _origin.Refs.UpdateTarget("HEAD", "refs/heads/main");
    }

    private string Url => $"file://{_directory.FullName}/origin.git";

    [Fact]
    public async Task Reads_files_modes_and_links_of_a_commit()
    {
        Commit(("catalog-info.yaml", "kind: Component", Mode.NonExecutableFile), ("bin/run", "#!/bin/sh", Mode.ExecutableFile), ("bin/link", "../../../etc/passwd", Mode.SymbolicLink));
        var snapshot = await Repositories().GetSnapshotAsync(Url, null, default);
        snapshot.Reference.ShouldBe("main");
        snapshot.List().Select(f => (f.Path, f.IsExecutable, f.IsSymbolicLink)).ShouldBe([("bin/link", false, true), ("bin/run", true, false), ("catalog-info.yaml", false, false)]);
        snapshot.List("bin").Select(f => f.Path).ShouldBe(["bin/link", "bin/run"]);
        snapshot.ReadText("bin/../catalog-info.yaml").ShouldBe("kind: Component");
        Should.Throw<InputException>(() => snapshot.ReadBytes("bin/link")).Message.ShouldContain("symbolic link");
        Should.Throw<NotFoundException>(() => snapshot.ReadBytes("bin/none")).Message.ShouldContain("bin/none");
        Should.Throw<InputException>(() => snapshot.ReadBytes("../origin.git/config")).Message.ShouldContain("leads out of the repository");
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was_and_the_next_one_sees_the_push()
    {
        var first = Commit(("a", "one", Mode.NonExecutableFile));
        var repositories = Repositories();
        var before = await repositories.GetSnapshotAsync(Url, "main", default);
        var second = Commit(("a", "two", Mode.NonExecutableFile), ("b", "new", Mode.NonExecutableFile));
        (await repositories.ResolveAsync(Url, "main", default)).Commit.ShouldBe(second);
        var after = await repositories.GetSnapshotAsync(Url, null, default);
        (before.Commit, before.ReadText("a"), before.Find("b")).ShouldBe((first, "one", null));
        (after.Commit, after.ReadText("a")).ShouldBe((second, "two"));
        (await repositories.GetSnapshotAsync(Url, first, default)).ReadText("a").ShouldBe("one");
    }

    [Fact]
    public async Task Finds_the_commit_that_touched_a_path_last()
    {
        Commit(("docs/a.md", "one", Mode.NonExecutableFile), ("src/b", "b", Mode.NonExecutableFile));
        var docs = Commit(("docs/a.md", "two", Mode.NonExecutableFile), ("src/b", "b", Mode.NonExecutableFile));
        Commit(("docs/a.md", "two", Mode.NonExecutableFile), ("src/b", "c", Mode.NonExecutableFile));
        var snapshot = await Repositories().GetSnapshotAsync(Url, null, default);
        snapshot.LastCommitTouching("docs").ShouldNotBeNull().Id.ShouldBe(docs);
        snapshot.LastCommitTouching("src/b").ShouldNotBeNull().Id.ShouldBe(snapshot.Commit);
        snapshot.LastCommitTouching("nothing").ShouldBeNull();
    }

    [Fact]
    public async Task Processes_that_share_the_cache_do_not_disturb_each_other()
    {
        var commit = Commit(("a", "one", Mode.NonExecutableFile));
        // Each has its own instance, so only the file lock stands between them.
        var reads = Enumerable.Range(0, 8).Select(_ => Repositories().GetSnapshotAsync(Url, null, default));
        (await Task.WhenAll(reads)).ShouldAllBe(snapshot => snapshot.Commit == commit && snapshot.ReadText("a") == "one");
    }

    [Fact]
    public async Task Says_which_reference_is_missing()
    {
        Commit(("a", "one", Mode.NonExecutableFile));
        (await Should.ThrowAsync<NotFoundException>(() => Repositories().GetSnapshotAsync(Url, "nope", default))).Message.ShouldContain("\"nope\"");
        (await Should.ThrowAsync<NotFoundException>(() => Repositories().GetSnapshotAsync(Url, new string('0', 40), default))).Message.ShouldContain("000");
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data.git")]
    [InlineData("http://localhost:1/o/r.git")]
    [InlineData("http://[::ffff:10.0.0.1]/o/r.git")]
    public async Task Refuses_private_networks(string url) =>
        (await Should.ThrowAsync<InputException>(() => Repositories().GetSnapshotAsync(url, null, default))).Message.ShouldContain("private network");

    [Fact]
    public async Task Reads_over_http_with_the_account_of_that_server_only()
    {
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "seed/acme/orders"));
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "seed/acme/orders/a.txt"), "over http");
        var (app, server) = await MockToolHost.StartAsync(
            "git", $"--Git:Root={_directory.FullName}/served", $"--Git:Seed={_directory.FullName}/seed", "--Git:Users:portal=secret", "--Git:AnonymousRead=false");
        await using var running = app;
        var url = new Uri(server, "acme/orders.git").AbsoluteUri;

        var snapshot = await Repositories(("Server", server.AbsoluteUri), ("Username", "portal"), ("Password", "secret")).GetSnapshotAsync(url, null, default);
        snapshot.ReadText("a.txt").ShouldBe("over http");

        (await Should.ThrowAsync<ServiceUnavailableException>(() =>
            Repositories(("Server", server.AbsoluteUri), ("Username", "portal"), ("Password", "wrong")).GetSnapshotAsync(url, null, default))).Message.ShouldContain("refused");
        await Should.ThrowAsync<NotFoundException>(() =>
            Repositories(("Server", server.AbsoluteUri), ("Username", "portal"), ("Password", "secret")).GetSnapshotAsync(new Uri(server, "acme/none.git").AbsoluteUri, null, default));
    }

    public void Dispose()
    {
        _origin.Dispose();
        _directory.Delete(recursive: true);
    }

    private IGitRepositories Repositories(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Git:AllowFileUrls", "true"), new("Git:CacheDirectory", Path.Combine(_directory.FullName, "cache")),
            .. settings.Select(s => KeyValuePair.Create("Git:" + s.Key, (string?)s.Value)),
        ]).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddGitRepositories().BuildServiceProvider().GetRequiredService<IGitRepositories>();
    }

    private string Commit(params (string Path, string Content, Mode Mode)[] files)
    {
        var tree = new TreeDefinition();
        foreach (var (path, content, mode) in files)
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
            tree.Add(path, _origin.ObjectDatabase.CreateBlob(stream), mode);
        }

        var author = new Signature("Ana", "ana@example.com", DateTimeOffset.UnixEpoch);
        var parents = _origin.Refs["refs/heads/main"] is { } main ? new[] { _origin.Lookup<Commit>(main.TargetIdentifier) } : [];
        var commit = _origin.ObjectDatabase.CreateCommit(author, author, "change", _origin.ObjectDatabase.CreateTree(tree), parents, prettifyMessage: false);
        _origin.Refs.Add("refs/heads/main", commit.Id, allowOverwrite: true);
        return commit.Sha;
    }
}
