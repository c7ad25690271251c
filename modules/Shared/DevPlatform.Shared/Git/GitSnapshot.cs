using DevPlatform.Shared.Errors;
using LibGit2Sharp;
using NotFoundException = DevPlatform.Shared.Errors.NotFoundException;

namespace DevPlatform.Shared.Git;

/// <summary>
/// One commit of a cached repository; never changes. Safe for use by several threads. Symbolic links are listed as such and never followed.
/// </summary>
public sealed class GitSnapshot
{
    private readonly string _directory;
    private readonly int _maxFileBytes;

    internal GitSnapshot(string directory, string cloneUrl, string commit, string reference, int maxFileBytes)
    {
        _directory = directory;
        _maxFileBytes = maxFileBytes;
        CloneUrl = cloneUrl;
        Commit = commit;
        Reference = reference;
    }

    /// <summary>Where it was cloned from.</summary>
    public string CloneUrl { get; }

    /// <summary>Commit id, 40 hex digits.</summary>
    public string Commit { get; }

    /// <summary>Short name of the branch or tag asked for (the default branch's when none was), or the commit id.</summary>
    public string Reference { get; }

    /// <summary>Every file under a directory (all with ""), sorted by path; submodules are left out.</summary>
    public IReadOnlyList<GitFile> List(string directory = "")
    {
        var path = GitPath.Normalize(directory);
        using var repository = new Repository(_directory);
        var tree = Tree(repository);
        if (path.Length > 0)
        {
            tree = tree[path]?.Target as Tree;
        }

        var files = new List<GitFile>();
        if (tree is not null)
        {
            Collect(tree, path.Length == 0 ? "" : path + "/", files);
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    /// <summary>One file, or null when there is none at that path.</summary>
    public GitFile? Find(string path)
    {
        using var repository = new Repository(_directory);
        var entry = Tree(repository)[GitPath.Normalize(path)];
        return entry?.TargetType == TreeEntryTargetType.Blob ? File(entry, entry.Path) : null;
    }

    /// <summary>A file's bytes.</summary>
    /// <exception cref="NotFoundException">No such file.</exception>
    /// <exception cref="InputException">It is a symbolic link, or too large.</exception>
    public byte[] ReadBytes(string path) => ReadBytes([path])[0];

    /// <summary>A file's text, UTF-8. Fails as <see cref="ReadBytes(string)"/>.</summary>
    public string ReadText(string path) => GitPath.DecodeText(ReadBytes(path));

    /// <summary>The bytes of several files, in order. Fails as <see cref="ReadBytes(string)"/>.</summary>
    public IReadOnlyList<byte[]> ReadBytes(IReadOnlyList<string> paths)
    {
        using var repository = new Repository(_directory);
        var tree = Tree(repository);
        return [.. paths.Select(path => Read(tree, GitPath.Normalize(path)))];
    }

    /// <summary>
    /// The latest commit in this one's history that changed a file or directory ("" for the whole repository); null when the path is not there.
    /// </summary>
    public GitCommit? LastCommitTouching(string path)
    {
        var normal = GitPath.Normalize(path);
        using var repository = new Repository(_directory);
        var commit = repository.Lookup<Commit>(Commit);
        var id = EntryId(commit, normal);
        if (id is null)
        {
            return null;
        }

        // Follow whichever parent already had the same content; where none has, this commit brought it.
        while (commit.Parents.FirstOrDefault(parent => id.Equals(EntryId(parent, normal))) is { } same)
        {
            commit = same;
        }

        return new GitCommit(commit.Sha, commit.Author.Name, commit.Author.Email, commit.Committer.When, commit.MessageShort);
    }

    private static ObjectId? EntryId(Commit commit, string path) => path.Length == 0 ? commit.Tree.Id : commit[path]?.Target.Id;

    private Tree Tree(Repository repository) => repository.Lookup<Commit>(Commit).Tree;

    private byte[] Read(Tree tree, string path)
    {
        var entry = tree[path];
        if (entry?.Target is not Blob blob)
        {
            throw new NotFoundException($"{CloneUrl} has no file \"{path}\" at {Reference} ({Commit[..8]})");
        }

        if (entry.Mode == Mode.SymbolicLink)
        {
            throw new InputException($"\"{path}\" in {CloneUrl} is a symbolic link, which is not followed");
        }

        if (blob.Size > _maxFileBytes)
        {
            throw new InputException($"\"{path}\" in {CloneUrl} is too large: found {blob.Size} bytes; allowed: at most {_maxFileBytes}");
        }

        using var stream = blob.GetContentStream();
        var bytes = new byte[blob.Size];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void Collect(Tree tree, string prefix, List<GitFile> files)
    {
        foreach (var entry in tree)
        {
            if (entry.TargetType == TreeEntryTargetType.Tree)
            {
                Collect((Tree)entry.Target, $"{prefix}{entry.Name}/", files);
            }
            else if (entry.TargetType == TreeEntryTargetType.Blob)
            {
                files.Add(File(entry, prefix + entry.Name));
            }
        }
    }

    private static GitFile File(TreeEntry entry, string path) =>
        new(path, entry.Target.Sha, entry.Mode == Mode.ExecutableFile, entry.Mode == Mode.SymbolicLink);
}
