using System.Security.Cryptography;
using System.Text;
using LibGit2Sharp;

namespace DevPlatform.Shared.Git;

/// <summary>One bare clone, open and locked for this process. Blocking.</summary>
internal sealed partial class GitMirror : IDisposable
{
    private const string Origin = "origin";

    private readonly FileStream _lock;
    private readonly Repository _repository;
    private readonly string _url;
    private readonly GitOptions _options;
    private readonly GitAccess _access;
    private readonly CancellationToken _cancellationToken;

    private GitMirror(FileStream fileLock, Repository repository, string url, GitOptions options, GitAccess access, CancellationToken cancellationToken)
    {
        _lock = fileLock;
        _repository = repository;
        _url = url;
        _options = options;
        _access = access;
        _cancellationToken = cancellationToken;
    }

    public static GitMirror Open(string url, GitOptions options, GitAccess access, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.CacheDirectory);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..24];
        var directory = Path.Combine(options.CacheDirectory, hash + ".git");
        var fileLock = Lock(directory + ".lock", cancellationToken);
        try
        {
            return new GitMirror(fileLock, OpenRepository(directory, url), url, options, access, cancellationToken);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    public bool Has(string commit) => _repository.Lookup<Commit>(commit) is not null;

    public GitSnapshot Snapshot(GitHead head) => new(_repository.Info.Path, _url, head.Commit, head.Reference, _options.MaxFileBytes);

    /// <summary>Asks the server what a reference points at; null when it has none of that name.</summary>
    public GitHead? Ask(string? reference)
    {
        var remote = _repository.Network.Remotes[Origin];
        var references = _repository.Network.ListReferences(remote, _access.CredentialsFor(_url))
            .ToDictionary(r => r.CanonicalName, StringComparer.Ordinal);
        if (reference is null)
        {
            return references.TryGetValue("HEAD", out var head) ? new GitHead(Commit(head), ShortName(head)) : null;
        }

        foreach (var name in (string[])[reference, $"refs/heads/{reference}", $"refs/tags/{reference}^{{}}", $"refs/tags/{reference}"])
        {
            if (references.TryGetValue(name, out var found))
            {
                return new GitHead(Commit(found), reference);
            }
        }

        return null;

        string Commit(Reference r) => r.ResolveToDirectReference().TargetIdentifier;

        string ShortName(Reference head) =>
            head is SymbolicReference symbolic ? Short(symbolic.TargetIdentifier)
            : references.Values.FirstOrDefault(r => r.CanonicalName.StartsWith("refs/heads/", StringComparison.Ordinal) && Commit(r) == Commit(head)) is { } branch ? Short(branch.CanonicalName)
            : Commit(head);

        static string Short(string name) => name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name;
    }

    public void Fetch()
    {
        var fetch = new FetchOptions
        {
            CredentialsProvider = _access.CredentialsFor(_url),
            TagFetchMode = TagFetchMode.All,
            Prune = true,
            OnTransferProgress = progress => progress.ReceivedBytes <= _options.MaxFetchBytes && !_cancellationToken.IsCancellationRequested,
        };
        Commands.Fetch(_repository, Origin, ["+refs/heads/*:refs/heads/*"], fetch, null);
    }

    public void Dispose()
    {
        _repository.Dispose();
        _lock.Dispose();
    }

    private static Repository OpenRepository(string directory, string url)
    {
        if (!Repository.IsValid(directory))
        {
            // Left by a process that died while creating it.
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }

            Repository.Init(directory, isBare: true);
        }

        var repository = new Repository(directory);
        var address = GitTransport.AddressOf(url);
        if (repository.Network.Remotes[Origin] is not { } origin)
        {
            repository.Network.Remotes.Add(Origin, address);
        }
        else if (origin.Url != address)
        {
            repository.Network.Remotes.Update(Origin, remote => remote.Url = address);
        }

        return repository;
    }

    private static FileStream Lock(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}
