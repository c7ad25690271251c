using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Git;

/// <summary>Reads Git repositories through a cache of bare clones.</summary>
public interface IGitRepositories
{
    /// <summary>
    /// The repository at a branch, tag or commit (null: the default branch), as it is now. Costs one request when nothing changed, none for a
    /// full commit id that is cached.
    /// </summary>
    /// <param name="cloneUrl">http(s) clone URL, with or without <c>.git</c>.</param>
    /// <param name="reference">Branch, tag, full ref name or commit id; null for the default branch.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InputException">The URL is not one that may be read, or the repository is too large.</exception>
    /// <exception cref="NotFoundException">No such repository or reference.</exception>
    /// <exception cref="ServiceUnavailableException">The server does not answer, or refuses our account.</exception>
    Task<GitSnapshot> GetSnapshotAsync(string cloneUrl, string? reference, CancellationToken cancellationToken);

    /// <summary>The commit that a reference points at now, asked of the server; nothing is downloaded. Fails as <see cref="GetSnapshotAsync"/>.</summary>
    Task<GitHead> ResolveAsync(string cloneUrl, string? reference, CancellationToken cancellationToken);
}

/// <summary>What a reference points at.</summary>
/// <param name="Commit">Commit id, 40 hex digits.</param>
/// <param name="Reference">Short name of the branch or tag, or the commit id.</param>
public sealed record GitHead(string Commit, string Reference);

/// <summary>One file of a commit.</summary>
/// <param name="Path">Path from the repository's root, with <c>/</c>.</param>
/// <param name="BlobId">Id of its content: equal ids, equal bytes.</param>
/// <param name="IsExecutable">Mode 100755.</param>
/// <param name="IsSymbolicLink">Mode 120000; the content is the link's target and is never followed.</param>
public sealed record GitFile(string Path, string BlobId, bool IsExecutable, bool IsSymbolicLink);

/// <summary>A commit that touched something.</summary>
/// <param name="Id">Commit id.</param>
/// <param name="AuthorName">Who wrote it.</param>
/// <param name="AuthorEmail">Their address.</param>
/// <param name="When">When it was committed.</param>
/// <param name="Message">First line of the message.</param>
public sealed record GitCommit(string Id, string AuthorName, string AuthorEmail, DateTimeOffset When, string Message);
