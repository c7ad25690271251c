using System.Text;
using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>
/// Turns the folders of the seed directory into repositories with one commit on <c>main</c>. In text files <c>__GIT_BASE_URL__</c> becomes the
/// server's URL. When the server comes back under another URL, a commit in each repository moves the old URL's occurrences to the new one.
/// </summary>
internal sealed class GitSeed(GitOptions options, GitRepositories repositories, ILogger<GitSeed> log)
{
    public const string Placeholder = "__GIT_BASE_URL__";

    // Fixed, so that the same seed is the same commit everywhere.
    private static readonly Signature Author = new("Platform Team", "platform@example.com", new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Apply(string baseUrl)
    {
        var marker = Path.Combine(repositories.Root, "base-url");
        if (File.Exists(marker) && File.ReadAllText(marker).Trim() is var previous && previous != baseUrl)
        {
            Move(previous, baseUrl);
        }

        if (options.Seed is { Length: > 0 } seed)
        {
            Seed(Path.GetFullPath(seed), baseUrl);
        }

        File.WriteAllText(marker, baseUrl + "\n");
    }

    private void Seed(string seed, string baseUrl)
    {
        if (!Directory.Exists(seed))
        {
            throw new InvalidOperationException($"Git:Seed: '{seed}' does not exist; expected a directory of <org>/<repo> folders");
        }

        foreach (var folder in Directory.EnumerateDirectories(seed).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
        {
            var (org, repo) = (Path.GetFileName(Path.GetDirectoryName(folder)!), Path.GetFileName(folder));
            if (!repositories.Create(org, repo))
            {
                continue;
            }

            using var repository = repositories.Open(org, repo)!;
            var files = new TreeDefinition();
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
                files.Add(path, Blob(repository, Replace(File.ReadAllBytes(file), Placeholder, baseUrl) ?? File.ReadAllBytes(file)), ModeOf(file));
            }

            Commit(repository, files, Author, "Initial import");
            log.LogInformation("Seeded {Org}/{Repo}", org, repo);
        }
    }

    private void Move(string from, string to)
    {
        foreach (var (org, repo) in repositories.List())
        {
            using var repository = repositories.Open(org, repo)!;
            if (repository.Branches[GitRepositories.DefaultBranch]?.Tip is not { } tip)
            {
                continue;
            }

            var files = TreeDefinition.From(tip);
            var changed = 0;
            foreach (var entry in GitTrees.Files(tip.Tree))
            {
                if (entry.Target is LibGit2Sharp.Blob { IsBinary: false } blob && Replace(GitTrees.Bytes(blob), from, to) is { } content)
                {
                    files.Add(entry.Path.Replace('\\', '/'), Blob(repository, content), entry.Mode);
                    changed++;
                }
            }

            if (changed > 0)
            {
                Commit(repository, files, Author, $"The Git server moved from {from} to {to}");
                log.LogInformation("{Org}/{Repo}: {Changed} files now name {To}", org, repo, changed, to);
            }
        }
    }

    private static void Commit(Repository repository, TreeDefinition files, Signature author, string message)
    {
        var tree = repository.ObjectDatabase.CreateTree(files);
        var parents = repository.Branches[GitRepositories.DefaultBranch] is { } branch ? new[] { branch.Tip } : [];
        var commit = repository.ObjectDatabase.CreateCommit(author, author, message, tree, parents, prettifyMessage: true);
        repository.Refs.Add($"refs/heads/{GitRepositories.DefaultBranch}", commit.Id, allowOverwrite: true);
    }

    private static Blob Blob(Repository repository, byte[] content)
    {
        using var stream = new MemoryStream(content);
        return repository.ObjectDatabase.CreateBlob(stream);
    }

    /// <summary>The content with <paramref name="from"/> replaced, or null when it is binary or nothing is to be replaced.</summary>
    private static byte[]? Replace(byte[] content, string from, string to)
    {
        if (content.AsSpan().Contains((byte)0) || content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from)) < 0)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace(from, to));
    }

    private static Mode ModeOf(string file) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute) ? Mode.ExecutableFile : Mode.NonExecutableFile;
}
