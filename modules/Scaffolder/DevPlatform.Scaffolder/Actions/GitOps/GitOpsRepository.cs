using System.Security.Cryptography;
using System.Text;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using LibGit2Sharp.Handlers;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary>A file to commit.</summary>
internal sealed record CommitFile(string Path, byte[] Content, bool Executable);

/// <summary>What to commit, and how to know a commit that is already there.</summary>
internal sealed record CommitRequest
{
    public required string RepoUrl { get; init; }

    public required string Branch { get; init; }

    public required string TargetPath { get; init; }

    public required IReadOnlyList<CommitFile> Files { get; init; }

    public required string Message { get; init; }

    public required Signature Author { get; init; }

    public required Func<string, bool> IsOwnMessage { get; init; }

    /// <summary>History before this need not be searched for one's own commit.</summary>
    public required DateTimeOffset Since { get; init; }

    public string? EntityRef { get; init; }

    /// <summary>Whether paths belong to entities (<see cref="PathOwnership"/>).</summary>
    public bool CheckOwnership { get; init; } = true;

    /// <summary>Where <see cref="Branch"/> begins when there is none of that name.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>Whether the branch must be new: a repository is published once.</summary>
    public bool MustBeNew { get; init; }

    public IReadOnlyList<string> Deletions { get; init; } = [];

    /// <summary>A token that came with the task; null for the platform's own account at the host.</summary>
    public string? Token { get; init; }
}

/// <summary>
/// Commits without a work tree: the commit is made from objects on top of the branch as it is now, and pushed. When others moved the branch in
/// between, it is made anew on theirs, so nobody's commit is lost. Processes keep a bare clone each; within one, a repository is used by one
/// task at a time.
/// </summary>
internal sealed class GitOpsRepository(GitAccess access, ScratchDirectory scratch, IOptions<ScaffolderOptions> options, TimeProvider time)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);
    private readonly string _clones = scratch.PathOf("gitops");

    /// <summary>Returns the commit: a new one, or this step's from an earlier run.</summary>
    /// <exception cref="ConflictException">A path is another entity's, or the branch moves faster than we push.</exception>
    /// <exception cref="ServiceUnavailableException">The Git server does not answer.</exception>
    public async Task<(string Sha, bool Existed)> CommitAsync(CommitRequest request, CancellationToken cancellationToken)
    {
        await access.CheckAsync(request.RepoUrl, cancellationToken);
        return await WithCloneAsync(request.RepoUrl, request.Token, repository => Commit(repository, request, cancellationToken), cancellationToken);
    }

    /// <summary>Whether a revision contains a commit; false while one of them is unknown.</summary>
    public async Task<bool> ContainsAsync(string repoUrl, string revision, string commit, CancellationToken cancellationToken)
    {
        if (revision == commit)
        {
            return true;
        }

        await access.CheckAsync(repoUrl, cancellationToken);
        return await WithCloneAsync(
            repoUrl,
            null,
            repository =>
            {
                if (repository.Lookup<Commit>(revision) is null || repository.Lookup<Commit>(commit) is null)
                {
                    Fetch(repository, access.CredentialsFor(repoUrl), cancellationToken);
                }

                return repository.Lookup<Commit>(revision) is { } later && repository.Lookup<Commit>(commit) is { } earlier
                    && repository.ObjectDatabase.FindMergeBase(earlier, later)?.Sha == earlier.Sha;
            },
            cancellationToken);
    }

    private async Task<T> WithCloneAsync<T>(string repoUrl, string? token, Func<Repository, T> work, CancellationToken cancellationToken)
    {
        // What one person's token may read stays out of the clone that serves everyone.
        var key = token is null ? repoUrl : $"{repoUrl} {token}";
        var gate = _locks.GetOrAdd(Hash(key), _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var repository = Open(repoUrl, key);
                    return work(repository);
                },
                cancellationToken);
        }
        catch (LibGit2SharpException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("Git was interrupted", e, cancellationToken);
        }
        catch (LibGit2SharpException e)
        {
            throw new ServiceUnavailableException($"Git repository {repoUrl}: {e.Message}", e);
        }
        finally
        {
            gate.Release();
        }
    }

    private (string Sha, bool Existed) Commit(Repository repository, CommitRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= options.Value.GitOps.MaxPushAttempts; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fetch(repository, Credentials(request), cancellationToken);
            var tip = Tip(repository, request.Branch);
            if (tip is not null && FindOwn(repository, tip, request) is { } own)
            {
                return (own.Sha, true);
            }

            if (request.MustBeNew && tip is not null)
            {
                throw new ConflictException($"Branch {request.Branch} of {request.RepoUrl} exists already; allowed: a repository without it");
            }

            tip ??= request.BaseBranch is { } baseBranch ? Tip(repository, baseBranch) : null;
            if (request.CheckOwnership)
            {
                PathOwnership.Require(tip?.Tree, request.TargetPath, request.Files.Select(f => f.Path), request.EntityRef);
            }

            var commit = Create(repository, tip, request);
            if (commit is null)
            {
                throw new ConflictException($"There is nothing to commit: \"{request.TargetPath}\" in {request.RepoUrl} already is what the template produced");
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (TryPush(repository, commit, request, cancellationToken))
            {
                return (commit.Sha, false);
            }

            // Others are pushing too; a random pause lets one of us through.
            cancellationToken.WaitHandle.WaitOne(RandomNumberGenerator.GetInt32(5, 50 * Math.Min(attempt, 10)));
        }

        throw new ConflictException($"Branch {request.Branch} of {request.RepoUrl} moved during each of {options.Value.GitOps.MaxPushAttempts} attempts to push");
    }

    private Commit? Create(Repository repository, Commit? tip, CommitRequest request)
    {
        var tree = tip is null ? new TreeDefinition() : TreeDefinition.From(tip);
        foreach (var file in request.Files)
        {
            using var content = new MemoryStream(file.Content);
            tree.Add(file.Path, repository.ObjectDatabase.CreateBlob(content), file.Executable ? Mode.ExecutableFile : Mode.NonExecutableFile);
        }

        foreach (var path in request.Deletions)
        {
            tree.Remove(path);
        }

        var written = repository.ObjectDatabase.CreateTree(tree);
        if (written.Id == tip?.Tree.Id)
        {
            return null;
        }

        var committer = new Signature(options.Value.GitOps.CommitterName, options.Value.GitOps.CommitterEmail, time.GetUtcNow());
        return repository.ObjectDatabase.CreateCommit(request.Author, committer, request.Message, written, tip is null ? [] : [tip], prettifyMessage: true);
    }

    private static Commit? Tip(Repository repository, string branch) =>
        repository.Refs[$"refs/remotes/origin/{branch}"]?.ResolveToDirectReference().Target as Commit;

    // An hour of slack for clocks that differ between us and whoever else commits.
    private static Commit? FindOwn(Repository repository, Commit tip, CommitRequest request) =>
        repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = tip, SortBy = CommitSortStrategies.Time })
            .TakeWhile(c => c.Committer.When > request.Since.AddHours(-1))
            .FirstOrDefault(c => request.IsOwnMessage(c.Message));

    private bool TryPush(Repository repository, Commit commit, CommitRequest request, CancellationToken cancellationToken)
    {
        var refused = false;
        var push = new PushOptions
        {
            CredentialsProvider = Credentials(request),
            OnPushStatusError = _ => refused = true,
            OnPushTransferProgress = (_, _, _) => !cancellationToken.IsCancellationRequested,
        };
        try
        {
            repository.Network.Push(repository.Network.Remotes["origin"], $"{commit.Sha}:refs/heads/{request.Branch}", push);
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

    private static void Fetch(Repository repository, CredentialsHandler? credentials, CancellationToken cancellationToken)
    {
        var fetch = new FetchOptions
        {
            CredentialsProvider = credentials,
            TagFetchMode = TagFetchMode.None,
            Prune = true,
            OnTransferProgress = _ => !cancellationToken.IsCancellationRequested,
        };
        Commands.Fetch(repository, "origin", ["+refs/heads/*:refs/remotes/origin/*"], fetch, null);
    }

    private CredentialsHandler? Credentials(CommitRequest request)
    {
        if (request.Token is not { } token)
        {
            return access.CredentialsFor(request.RepoUrl);
        }

        // libgit2 asks again when the server refuses; answering the same would never end.
        var asked = false;
        return (_, _, _) =>
        {
            if (asked)
            {
                throw new LibGit2SharpException("the token was refused (401)");
            }

            asked = true;
            return new UsernamePasswordCredentials { Username = "x-access-token", Password = token };
        };
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24];

    private Repository Open(string repoUrl, string key)
    {
        var directory = Path.Combine(_clones, Hash(key) + ".git");
        if (!Repository.IsValid(directory))
        {
            Repository.Init(directory, isBare: true);
        }

        var repository = new Repository(directory);
        if (repository.Network.Remotes["origin"] is null)
        {
            repository.Config.Set("http.followRedirects", "false");
            repository.Network.Remotes.Add("origin", repoUrl);
        }

        return repository;
    }
}
