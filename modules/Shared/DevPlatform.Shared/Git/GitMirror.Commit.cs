using System.Security.Cryptography;
using DevPlatform.Shared.Errors;
using LibGit2Sharp;

namespace DevPlatform.Shared.Git;

/// <summary>Commits without a work tree: from objects, on top of the branch as the server has it.</summary>
internal sealed partial class GitMirror
{
    private const int MaxPushAttempts = 10;

    /// <summary>Commits and pushes; null when there is nothing to change.</summary>
    public string? Commit(string? branch, Func<GitSnapshot, IReadOnlyList<GitChange>> change, GitSignature signature, DateTimeOffset now)
    {
        for (var attempt = 1; attempt <= MaxPushAttempts; attempt++)
        {
            var head = Ask(branch is null ? null : $"refs/heads/{branch}") ?? throw new Errors.NotFoundException($"{_url} has no branch \"{branch ?? "of its own"}\"");
            if (!Has(head.Commit))
            {
                Fetch();
            }

            var name = branch ?? head.Reference;
            var tip = _repository.Lookup<Commit>(head.Commit);
            if (Create(tip, change(Snapshot(head with { Reference = name })), signature, now) is not { } commit)
            {
                return null;
            }

            _cancellationToken.ThrowIfCancellationRequested();
            if (TryPush(commit, name))
            {
                return commit.Sha;
            }

            // Others are pushing too; a random pause lets one of us through.
            _cancellationToken.WaitHandle.WaitOne(RandomNumberGenerator.GetInt32(5, 50 * attempt));
        }

        throw new ConflictException($"The branch of {_url} moved during each of {MaxPushAttempts} attempts to push, or may not be pushed to");
    }

    private Commit? Create(Commit tip, IReadOnlyList<GitChange> changes, GitSignature signature, DateTimeOffset now)
    {
        var tree = TreeDefinition.From(tip);
        foreach (var change in changes)
        {
            var path = GitPath.Normalize(change.Path);
            RequireOrdinary(tip.Tree, path);
            if (change.Content is null)
            {
                tree.Remove(path);
                continue;
            }

            using var content = new MemoryStream(change.Content);
            tree.Add(path, _repository.ObjectDatabase.CreateBlob(content), tip.Tree[path]?.Mode == Mode.ExecutableFile ? Mode.ExecutableFile : Mode.NonExecutableFile);
        }

        var written = _repository.ObjectDatabase.CreateTree(tree);
        if (written.Id == tip.Tree.Id)
        {
            return null;
        }

        var author = new Signature(signature.Name, signature.Email, now);
        var committer = new Signature(_options.CommitterName, _options.CommitterEmail, now);
        var message = $"{signature.Message.ReplaceLineEndings("\n").Trim()}\n\nSigned-off-by: {signature.Name} <{signature.Email}>\n";
        return _repository.ObjectDatabase.CreateCommit(author, committer, message, written, [tip], prettifyMessage: true);
    }

    // What is written through a link would land elsewhere.
    private static void RequireOrdinary(Tree tree, string path)
    {
        var parts = path.Split('/');
        if (path.Length == 0 || parts.Contains(".git", StringComparer.OrdinalIgnoreCase))
        {
            throw InputException.For("path", path, "the path of a file in the repository");
        }

        for (var i = 1; i <= parts.Length; i++)
        {
            var at = string.Join('/', parts[..i]);
            var entry = tree[at];
            if (entry is not null && (i < parts.Length ? entry.TargetType != TreeEntryTargetType.Tree : entry.Mode is not (Mode.NonExecutableFile or Mode.ExecutableFile)))
            {
                throw new InputException($"\"{at}\" is {(i < parts.Length ? "not a directory" : "not an ordinary file")}, so that \"{path}\" is not written");
            }
        }
    }

    private bool TryPush(Commit commit, string branch)
    {
        var refused = false;
        var push = new PushOptions
        {
            CredentialsProvider = _access.CredentialsFor(_url),
            OnPushStatusError = _ => refused = true,
        };
        try
        {
            _repository.Network.Push(_repository.Network.Remotes[Origin], $"{commit.Sha}:refs/heads/{branch}", push);
            return !refused;
        }
        catch (NonFastForwardException)
        {
            return false;
        }
        // libgit2 words a branch that moved between its question and its push in this way only.
        catch (LibGit2SharpException e) when (e.Message.Contains("fast", StringComparison.OrdinalIgnoreCase)
            || e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("reference", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }
}
