using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Publish;

/// <summary>Into which repositories templates may write: the GitOps repository, and what <c>Scaffolder:GitOps:AllowedRepositories</c> lists.</summary>
internal sealed class PushPolicy(IOptions<ScaffolderOptions> options)
{
    /// <exception cref="NotAllowedException">The repository is not on the list.</exception>
    public void Require(string repoUrl)
    {
        var gitOps = options.Value.GitOps;
        var url = GitAccess.Canonical(repoUrl);
        if (!IsSame(url, gitOps.Repository) && !gitOps.AllowedRepositories.Any(allowed => Matches(url, allowed)))
        {
            throw new NotAllowedException(
                $"\"repoUrl\" is not allowed: found \"{repoUrl}\"; allowed: the GitOps repository and Scaffolder:GitOps:AllowedRepositories ({string.Join(", ", gitOps.AllowedRepositories)})");
        }
    }

    // The star stands for one name: what a template renders must not climb out of the organization that is allowed.
    private static bool Matches(string url, string allowed) =>
        allowed.EndsWith("/*", StringComparison.Ordinal)
            ? url.StartsWith(allowed[..^1], StringComparison.OrdinalIgnoreCase) && !url[(allowed.Length - 1)..].Contains('/', StringComparison.Ordinal)
                && !url.Contains("..", StringComparison.Ordinal)
            : IsSame(url, allowed);

    private static bool IsSame(string url, string other) => other.Length > 0 && url.Equals(GitAccess.Canonical(other), StringComparison.OrdinalIgnoreCase);
}
