using LibGit2Sharp;

namespace DevPlatform.Catalog.Tests.Support;

/// <summary>The Git server as a developer with push access uses it.</summary>
public sealed class GitServer(Uri baseUrl, string directory, string username = "portal", string password = "test")
{
    public Uri BaseUrl { get; } = baseUrl;

    public string CloneUrl(string org, string repo) => new Uri(BaseUrl, $"{org}/{repo}.git").AbsoluteUri;

    public string FileUrl(string org, string repo, string path) => new Uri(BaseUrl, $"{org}/{repo}/src/branch/main/{path}").AbsoluteUri;

    /// <summary>A file of the default branch, and the commit that is its newest; null when there is no such file.</summary>
    public (string? Text, string Author, string Committer, string Message) Read(string org, string repo, string path)
    {
        var clone = Path.Combine(directory, "clones", Guid.NewGuid().ToString("N"));
        Repository.Clone(CloneUrl(org, repo), clone, new CloneOptions(new FetchOptions { CredentialsProvider = Account }));
        using var repository = new Repository(clone);
        var tip = repository.Head.Tip;
        return ((tip[path]?.Target as Blob)?.GetContentText(), tip.Author.ToString(), tip.Committer.Name, tip.Message);
    }

    /// <summary>Commits and pushes a symbolic link.</summary>
    public void PushLink(string org, string repo, string path, string target) => Push(org, repo, clone =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(clone, path))!);
        File.CreateSymbolicLink(Path.Combine(clone, path), target);
    });

    /// <summary>Writes files (null removes one), commits and pushes.</summary>
    public void Push(string org, string repo, params (string Path, string? Text)[] files) => Push(org, repo, clone =>
    {
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(clone, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (text is null)
            {
                File.Delete(full);
            }
            else
            {
                File.WriteAllText(full, text);
            }
        }
    });

    private void Push(string org, string repo, Action<string> change)
    {
        var clone = Path.Combine(directory, "clones", Guid.NewGuid().ToString("N"));
        Repository.Clone(CloneUrl(org, repo), clone, new CloneOptions(new FetchOptions { CredentialsProvider = Account }));
        change(clone);
        using var repository = new Repository(clone);
        Commands.Stage(repository, "*");
        var author = new Signature("Ana", "ana@example.com", DateTimeOffset.UtcNow);
        repository.Commit("Change the catalog", author, author);
        repository.Network.Push(repository.Network.Remotes["origin"], $"{repository.Head.CanonicalName}:refs/heads/main", new PushOptions
        {
            CredentialsProvider = Account,
        });
    }

    private UsernamePasswordCredentials Account(string url, string? user, SupportedCredentialTypes types) => new() { Username = username, Password = password };
}

/// <summary>What the discovered repository holds at first.</summary>
internal static class DiscoveredRepository
{
    public static readonly IReadOnlyList<(string Path, string Text)> Files =
    [
        ("catalog-info.yaml", Yaml.Group("team-discovered") + "---\n" + Yaml.Component("discovered-root", "team-discovered")),
        ("services/a/catalog-info.yaml", Yaml.Component("discovered-a", "team-discovered", "  dependsOn: [\"component:discovered-root\"]\n")),
        ("services/broken/catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: discovered-broken\n   bad: [unclosed\n"),
        ("template/skeleton/catalog-info.yaml", "metadata:\n  name: ${{ values.name }}\n"),
    ];
}
