using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>Reading commits and trees.</summary>
internal static class GitTrees
{
    /// <summary>All entries below a tree, folders before what is in them.</summary>
    public static IEnumerable<TreeEntry> Walk(Tree tree)
    {
        foreach (var entry in tree)
        {
            yield return entry;
            if (entry.Target is Tree folder)
            {
                foreach (var inner in Walk(folder))
                {
                    yield return inner;
                }
            }
        }
    }

    public static IEnumerable<TreeEntry> Files(Tree tree) => Walk(tree).Where(e => e.TargetType == TreeEntryTargetType.Blob);

    public static byte[] Bytes(Blob blob)
    {
        using var content = blob.GetContentStream();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The commit of a branch, tag or (abbreviated) id, or null.</summary>
    public static Commit? Resolve(Repository repository, string reference) =>
        repository.Branches[reference]?.Tip ?? (repository.Tags[reference]?.PeeledTarget as Commit) ?? Lookup(repository, reference);

    /// <summary>Splits <c>feature/x/docs/index.md</c> into the branch, which may contain slashes, and the path below it.</summary>
    public static (Commit Commit, string Path)? ResolveWithPath(Repository repository, string rest)
    {
        for (var slash = rest.IndexOf('/'); ; slash = rest.IndexOf('/', slash + 1))
        {
            var reference = slash < 0 ? rest : rest[..slash];
            if (Resolve(repository, reference) is { } commit)
            {
                return (commit, slash < 0 ? "" : rest[(slash + 1)..]);
            }

            if (slash < 0)
            {
                return null;
            }
        }
    }

    private static Commit? Lookup(Repository repository, string id) =>
        id.Length is >= 7 and <= 40 && id.All(char.IsAsciiHexDigit) ? repository.Lookup<Commit>(id) : null;
}
