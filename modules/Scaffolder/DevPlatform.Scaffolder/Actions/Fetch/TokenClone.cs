using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Fetch;

/// <summary>Reads a repository with a token that came with the task: in a clone of its own, which is gone afterwards.</summary>
internal sealed class TokenClone(GitAccess access, ScratchDirectory scratch, IOptions<GitOptions> git, IOptions<ScaffolderOptions> options)
{
    // The name that GitHub, GitLab and Gitea take with any token.
    private const string User = "x-access-token";

    /// <exception cref="ServiceUnavailableException">The server does not answer, or refuses the token.</exception>
    public async Task<IReadOnlyList<FetchedFile>> ReadAsync(GitUrl address, string token, string url, CancellationToken cancellationToken)
    {
        var cloneUrl = GitAccess.Canonical(address.CloneUrl);
        await access.CheckAsync(cloneUrl, cancellationToken);
        var directory = scratch.PathOf($"fetch-{Guid.NewGuid():N}");
        try
        {
            return await Task.Run(() => Read(directory, cloneUrl, address, token, url, cancellationToken), cancellationToken).WaitAsync(git.Value.Timeout, cancellationToken);
        }
        catch (LibGit2SharpException e)
        {
            throw new ServiceUnavailableException($"{cloneUrl} cannot be read with the given token: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private IReadOnlyList<FetchedFile> Read(string directory, string cloneUrl, GitUrl address, string token, string url, CancellationToken cancellationToken)
    {
        Repository.Init(directory, isBare: true);
        using var repository = new Repository(directory);
        repository.Config.Set("http.followRedirects", "false");
        repository.Network.Remotes.Add("origin", cloneUrl);
        var asked = false;
        var fetch = new FetchOptions
        {
            TagFetchMode = TagFetchMode.All,
            CredentialsProvider = (_, _, _) =>
            {
                // libgit2 asks again when the server refuses; answering the same would never end.
                if (asked)
                {
                    throw new LibGit2SharpException("the token was refused (401)");
                }

                asked = true;
                return new UsernamePasswordCredentials { Username = User, Password = token };
            },
            OnTransferProgress = progress => progress.ReceivedBytes <= git.Value.MaxFetchBytes && !cancellationToken.IsCancellationRequested,
        };
        Commands.Fetch(repository, "origin", ["+refs/heads/*:refs/heads/*", "+HEAD:refs/fetched/HEAD"], fetch, null);
        var commit = Find(repository, address.Reference) ?? throw new Shared.Errors.NotFoundException($"{cloneUrl} has no branch, tag or commit \"{address.Reference}\"");
        return FetchSource.Read(new CommitTree(commit, address.Reference ?? "HEAD"), address, url, options.Value.Workspace, cancellationToken);
    }

    private static Commit? Find(Repository repository, string? reference) =>
        reference is null
            ? repository.Refs["refs/fetched/HEAD"]?.ResolveToDirectReference().Target as Commit
            : repository.Branches[reference]?.Tip ?? repository.Tags[reference]?.PeeledTarget as Commit ?? repository.Lookup<Commit>(reference);

    private sealed class CommitTree(Commit commit, string reference) : ISourceTree
    {
        public string Reference => reference;

        public IReadOnlyList<GitFile> Find(string path)
        {
            var files = new List<GitFile>();
            if (path.Length == 0)
            {
                Collect(commit.Tree, "", files);
            }
            else if (commit.Tree[path] is { } entry)
            {
                Add(entry, path, files);
            }

            return files;
        }

        public IReadOnlyList<byte[]> ReadBytes(IReadOnlyList<string> paths) => [.. paths.Select(Read)];

        private byte[] Read(string path)
        {
            using var content = new MemoryStream();
            using var blob = ((Blob)commit.Tree[path].Target).GetContentStream();
            blob.CopyTo(content);
            return content.ToArray();
        }

        private static void Collect(Tree tree, string prefix, List<GitFile> files)
        {
            foreach (var entry in tree)
            {
                Add(entry, prefix + entry.Name, files);
            }
        }

        private static void Add(TreeEntry entry, string path, List<GitFile> files)
        {
            if (entry.Target is Tree tree)
            {
                Collect(tree, path + "/", files);
            }
            else if (entry.TargetType == TreeEntryTargetType.Blob)
            {
                files.Add(new GitFile(path, entry.Target.Sha, entry.Mode == Mode.ExecutableFile, entry.Mode == Mode.SymbolicLink));
            }
        }
    }
}
