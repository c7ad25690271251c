using System.Collections.Concurrent;
using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>A pull request of the mock; it lives as long as the process.</summary>
internal sealed class PullRequest
{
    public required long Number { get; init; }

    public required string Head { get; init; }

    public required string Base { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public bool Draft { get; init; }

    public bool Open { get; set; } = true;

    public string? MergeCommit { get; set; }

    public List<string> Reviewers { get; } = [];

    public List<string> Assignees { get; } = [];
}

/// <summary>Pull requests of all repositories, merged for real.</summary>
internal sealed class PullRequests(GitRepositories repositories, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, List<PullRequest>> _pulls = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Opens one; null when the branches do not exist or have an open one already.</summary>
    public PullRequest? Open(string org, string repo, string head, string target, string title, string? body, bool draft)
    {
        using var repository = repositories.Open(org, repo);
        lock (_lock)
        {
            var pulls = Of(org, repo);
            if (repository?.Branches[head] is null || repository.Branches[target] is null || pulls.Any(p => p.Head == head && p.Base == target && p.Open))
            {
                return null;
            }

            var pull = new PullRequest { Number = pulls.Count + 1, Head = head, Base = target, Title = title, Body = body ?? "", Draft = draft };
            pulls.Add(pull);
            return pull;
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PullRequest> List(string org, string repo)
    {
        lock (_lock)
        {
            return [.. Of(org, repo).AsEnumerable().Reverse()];
        }
    }

    public PullRequest? Find(string org, string repo, long number) => List(org, repo).FirstOrDefault(p => p.Number == number);

    /// <summary>Merges with a merge commit; false when it is closed or conflicts.</summary>
    public bool Merge(string org, string repo, PullRequest pull)
    {
        using var repository = repositories.Open(org, repo)!;
        lock (_lock)
        {
            var (head, target) = (repository.Branches[pull.Head]?.Tip, repository.Branches[pull.Base].Tip);
            if (!pull.Open || head is null || repository.ObjectDatabase.MergeCommits(target, head, new MergeTreeOptions()) is not { Status: MergeTreeStatus.Succeeded } merged)
            {
                return false;
            }

            var author = new Signature("Merger", "merger@example.com", time.GetUtcNow());
            var commit = repository.ObjectDatabase.CreateCommit(author, author, $"Merge pull request #{pull.Number}\n", merged.Tree, [target, head], prettifyMessage: true);
            repository.Refs.UpdateTarget(repository.Refs[$"refs/heads/{pull.Base}"], commit.Id);
            (pull.MergeCommit, pull.Open) = (commit.Sha, false);
            return true;
        }
    }

    private List<PullRequest> Of(string org, string repo) => _pulls.GetOrAdd($"{org}/{repo}", _ => []);
}
