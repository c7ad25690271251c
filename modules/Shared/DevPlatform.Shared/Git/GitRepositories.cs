using System.Collections.Concurrent;
using System.Net;
using DevPlatform.Shared.Errors;
using LibGit2Sharp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NotFoundException = DevPlatform.Shared.Errors.NotFoundException;

namespace DevPlatform.Shared.Git;

/// <summary>
/// Bare clones in a directory that several processes may share: a file lock per repository guards writing; reading needs none, for objects
/// are only ever added.
/// </summary>
internal sealed class GitRepositories(GitAccess access, GitHttp http, IOptions<GitOptions> options, TimeProvider time, ILogger<GitRepositories> logger) : IGitRepositories, IGitCommits
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);

    public async Task<GitSnapshot> GetSnapshotAsync(string cloneUrl, string? reference, CancellationToken cancellationToken)
    {
        var url = GitAccess.Canonical(cloneUrl);
        await access.CheckAsync(url, cancellationToken);
        return await RunAsync(url, mirror =>
        {
            if (IsCommitId(reference) && mirror.Has(reference!))
            {
                return mirror.Snapshot(new GitHead(reference!, reference!));
            }

            var head = mirror.Ask(reference);
            if (head is null || !mirror.Has(head.Commit))
            {
                mirror.Fetch();
                // A commit id that no reference points at is found only by looking.
                head ??= IsCommitId(reference) && mirror.Has(reference!) ? new GitHead(reference!, reference!) : null;
            }

            return head is null ? throw Unknown(url, reference) : mirror.Snapshot(head);
        }, cancellationToken);
    }

    public async Task<GitHead> ResolveAsync(string cloneUrl, string? reference, CancellationToken cancellationToken)
    {
        var url = GitAccess.Canonical(cloneUrl);
        await access.CheckAsync(url, cancellationToken);
        return IsCommitId(reference)
            ? new GitHead(reference!, reference!)
            : await RunAsync(url, mirror => mirror.Ask(reference) ?? throw Unknown(url, reference), cancellationToken);
    }

    public async Task<string?> CommitAsync(
        string cloneUrl, string? branch, Func<GitSnapshot, IReadOnlyList<GitChange>> change, GitSignature signature, CancellationToken cancellationToken)
    {
        var url = GitAccess.Canonical(cloneUrl);
        await access.CheckAsync(url, cancellationToken);
        return await RunAsync(url, mirror => mirror.Commit(branch, change, signature, time.GetUtcNow()), cancellationToken);
    }

    // libgit2 blocks its thread: it gets one of its own, and whoever waits stops waiting at the deadline.
    private async Task<T> RunAsync<T>(string url, Func<GitMirror, T> work, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(url, _ => new SemaphoreSlim(1, 1));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.Timeout);
        var exchange = new GitExchange(http, deadline.Token);
        try
        {
            await gate.WaitAsync(deadline.Token);
            var token = deadline.Token;
            var running = Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        using var _ = exchange.Enter();
                        using var mirror = GitMirror.Open(url, options.Value, access, token);
                        return work(mirror);
                    }
                    finally
                    {
                        gate.Release();
                    }
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            return await running.WaitAsync(deadline.Token);
        }
        catch (Exception e) when ((e is OperationCanceledException || exchange.Failure is OperationCanceledException) && !cancellationToken.IsCancellationRequested)
        {
            throw new ServiceUnavailableException($"{url} did not answer within {options.Value.Timeout.TotalSeconds:0} s", e);
        }
        catch (LibGit2SharpException e)
        {
            logger.LogDebug(exchange.Failure ?? e, "Reading {Repository} failed", url);
            throw Translate(url, e, exchange.Failure);
        }
    }

    private static Exception Translate(string url, LibGit2SharpException e, Exception? failure) => (e, failure) switch
    {
        (UserCancelledException, _) => new InputException($"{url} is larger than may be fetched", e),
        (_, HttpRequestException { InnerException: InputException refused }) => new InputException($"{url}: {refused.Message}", e),
        (RepositoryNotFoundException, _) or (_, HttpRequestException { StatusCode: HttpStatusCode.NotFound }) => new NotFoundException($"There is no Git repository at {url}"),
        (_, HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden }) => new ServiceUnavailableException($"The Git server refused access to {url}", e),
        // Of file:// repositories.
        _ when e.Message.Contains("could not find repository", StringComparison.Ordinal) => new NotFoundException($"There is no Git repository at {url}"),
        _ => new ServiceUnavailableException($"{url} cannot be read: {failure?.Message ?? e.Message}", e),
    };

    private static NotFoundException Unknown(string url, string? reference) => new(reference is null
        ? $"{url} is empty: it has no default branch"
        : $"{url} has no branch, tag or commit \"{reference}\"");

    private static bool IsCommitId(string? reference) => reference is { Length: 40 } && reference.All(char.IsAsciiHexDigitLower);
}
