using DevPlatform.Shared.Errors;

namespace DevPlatform.Shared.Git;

/// <summary>Changes repositories: a change is a commit on top of a branch as it is, pushed as the service account.</summary>
public interface IGitCommits
{
    /// <summary>
    /// Commits and pushes. When someone else moved the branch in between, the change is made anew on theirs, so that nobody's commit is lost.
    /// </summary>
    /// <param name="cloneUrl">http(s) clone URL.</param>
    /// <param name="branch">Short name of a branch that exists; null for the default branch.</param>
    /// <param name="change">What to change, seen the branch as it is now; may be asked several times. None: nothing is committed.</param>
    /// <param name="signature">Who asks for it, and why.</param>
    /// <param name="cancellationToken">Stops before the push.</param>
    /// <returns>The commit's id; null when there was nothing to change.</returns>
    /// <exception cref="InputException">The URL or a path is not one that may be written.</exception>
    /// <exception cref="NotFoundException">No such repository or branch.</exception>
    /// <exception cref="ConflictException">The branch moves faster than we push, or may not be pushed to.</exception>
    /// <exception cref="ServiceUnavailableException">The server does not answer, or refuses our account.</exception>
    Task<string?> CommitAsync(
        string cloneUrl, string? branch, Func<GitSnapshot, IReadOnlyList<GitChange>> change, GitSignature signature, CancellationToken cancellationToken);
}

/// <summary>A file to write, or to remove.</summary>
/// <param name="Path">Path from the repository's root.</param>
/// <param name="Content">Its bytes; null removes it.</param>
public sealed record GitChange(string Path, byte[]? Content);

/// <summary>Who asks for a commit, and why.</summary>
/// <param name="Name">Name of the author.</param>
/// <param name="Email">Their address.</param>
/// <param name="Message">The commit's message, without trailers; <c>Signed-off-by</c> is added.</param>
public sealed record GitSignature(string Name, string Email, string Message);
