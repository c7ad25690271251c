using System.Text;
using DevPlatform.Catalog.TechDocs;
using DevPlatform.Catalog.TechDocs.Site;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using GitOptions = DevPlatform.Shared.Git.GitOptions;

namespace DevPlatform.Catalog.Tests.TechDocs;

/// <summary>A repository on disk whose documentation is built without a host.</summary>
internal sealed class DocsRepository : IDisposable
{
    private static readonly DateTimeOffset Committed = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("techdocs-tests");
    private readonly ServiceProvider _services;

    public DocsRepository(params (string Path, string Text)[] files)
    {
        Repository.Init(Work);
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddGitRepositories();
        services.Configure<GitOptions>(git =>
        {
            git.AllowFileUrls = true;
            git.CacheDirectory = Path.Combine(_directory.FullName, "cache");
        });
        _services = services.BuildServiceProvider();
        if (files.Length > 0)
        {
            Commit(files.Select(file => (file.Path, Encoding.UTF8.GetBytes(file.Text))));
        }
    }

    public TechDocsOptions Options { get; } = new();

    private string Work => Path.Combine(_directory.FullName, "work.git");

    public void Commit(IEnumerable<(string Path, byte[] Content)> files, params (string Path, string Target)[] links)
    {
        foreach (var (path, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Work, path))!);
            File.WriteAllBytes(Path.Combine(Work, path), content);
        }

        foreach (var (path, target) in links)
        {
            File.CreateSymbolicLink(Path.Combine(Work, path), target);
        }

        using var repository = new Repository(Work);
        Commands.Stage(repository, "*");
        var author = new Signature("Ana", "ana@example.com", Committed);
        repository.Commit("Write docs", author, author);
    }

    /// <summary>The site of the latest commit, with its files by path.</summary>
    public async Task<(BuiltSite Site, IReadOnlyDictionary<string, string> Files, BuildReport Report)> BuildAsync(string directory = "")
    {
        var url = $"file://{Work}";
        var snapshot = await _services.GetRequiredService<IGitRepositories>().GetSnapshotAsync(url, null, CancellationToken.None);
        var web = GitUrl.TryParse($"https://git.example.com/acme/docs/src/branch/main/{directory}", out var parsed) ? parsed : throw new InvalidOperationException();
        var tree = DocsTree.Open(new DocsSource("component:default/docs", url, null, directory, web), snapshot, Options);
        var builder = new SiteBuilder(tree, Options);
        var site = await builder.BuildAsync("revision", tree.LastCommit(), Committed, CancellationToken.None);
        var files = site.Files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetString(file.Content));
        return (site, files, builder.Report);
    }

    public async Task<string> PageAsync(string path = "index.html") => (await BuildAsync()).Files[path];

    public void Dispose()
    {
        _services.Dispose();
        _directory.Delete(recursive: true);
    }
}
