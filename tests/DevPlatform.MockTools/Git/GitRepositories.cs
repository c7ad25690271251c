using System.Text.RegularExpressions;
using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>The bare repositories below the root directory.</summary>
internal sealed partial class GitRepositories
{
    public const string DefaultBranch = "main";
    private readonly string _root;

    static GitRepositories() => GlobalSettings.SetOwnerValidation(false);

    public GitRepositories(GitOptions options)
    {
        _root = Path.GetFullPath(options.Root);
        Directory.CreateDirectory(_root);
    }

    public string Root => _root;

    public static bool IsName(string name) => Name().IsMatch(name) && !name.EndsWith(".git", StringComparison.Ordinal) && !name.Contains("..");

    public string PathOf(string org, string repo) => Path.Combine(_root, org, repo + ".git");

    public bool Exists(string org, string repo) => IsName(org) && IsName(repo) && Directory.Exists(PathOf(org, repo));

    public IEnumerable<(string Org, string Repo)> List() =>
        from org in Directory.EnumerateDirectories(_root).Order(StringComparer.Ordinal)
        from repo in Directory.EnumerateDirectories(org, "*.git").Order(StringComparer.Ordinal)
        select (Path.GetFileName(org), Path.GetFileNameWithoutExtension(repo));

    /// <summary>Creates an empty bare repository whose HEAD is <c>main</c>; false when it exists.</summary>
    public bool Create(string org, string repo)
    {
        if (Exists(org, repo))
        {
            return false;
        }

        var path = PathOf(org, repo);
        Repository.Init(path, isBare: true);
        using var opened = new Repository(path);
        opened.Refs.UpdateTarget("HEAD", $"refs/heads/{DefaultBranch}");
        return true;
    }

    /// <summary>Opens a repository, or null when there is none of that name.</summary>
    public Repository? Open(string org, string repo) => Exists(org, repo) ? new Repository(PathOf(org, repo)) : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
