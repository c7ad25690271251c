using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using LibGit2Sharp;

namespace DevPlatform.MockTools.Git;

/// <summary>Tells the configured URLs about every moved branch and tag, in GitHub's push format, once, like GitHub.</summary>
internal sealed class PushWebhooks(GitOptions options, GitRepositories repositories, GitServer server, ILogger<PushWebhooks> log) : BackgroundService
{
    private static readonly string Zero = new('0', 40);
    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Where each reference of a repository points.</summary>
    public static IReadOnlyDictionary<string, string> References(string path)
    {
        using var repository = new Repository(path);
        return repository.Refs.Where(r => r is DirectReference).ToDictionary(r => r.CanonicalName, r => r.TargetIdentifier, StringComparer.Ordinal);
    }

    /// <summary>Queues one delivery per reference that is not where it was.</summary>
    public void Announce(string org, string repo, IReadOnlyDictionary<string, string> before, string user)
    {
        if (options.Webhooks.Count == 0)
        {
            return;
        }

        var after = References(repositories.PathOf(org, repo));
        using var repository = repositories.Open(org, repo)!;
        foreach (var reference in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal))
        {
            var (from, to) = (before.GetValueOrDefault(reference, Zero), after.GetValueOrDefault(reference, Zero));
            if (from != to)
            {
                _queue.Writer.TryWrite(JsonSerializer.SerializeToUtf8Bytes(Payload(repository, org, repo, reference, from, to, user)));
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var body in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            await Task.WhenAll(options.Webhooks.Select(url => DeliverAsync(url, body, stoppingToken)));
        }
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    private async Task DeliverAsync(string url, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "push");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        if (options.WebhookSecret is { Length: > 0 } secret)
        {
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
            request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(mac));
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            log.LogInformation("Webhook {Url}: {Status}", url, (int)response.StatusCode);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            log.LogWarning("Webhook {Url}: {Error}", url, error.Message);
        }
    }

    private object Payload(Repository repository, string org, string repo, string reference, string from, string to, string user)
    {
        var commits = repository.Lookup<Commit>(to) is { } head ? NewCommits(repository, head, from) : [];
        var url = $"{server.BaseUrl}/{org}/{repo}";
        var changes = commits.Select(c => Describe(repository, c, url)).ToArray();
        return new
        {
            @ref = reference,
            before = from,
            after = to,
            created = from == Zero,
            deleted = to == Zero,
            forced = from != Zero && to != Zero && repository.Lookup<Commit>(from) is { } old && repository.Lookup<Commit>(to) is { } tip
                && repository.ObjectDatabase.FindMergeBase(old, tip)?.Sha != from,
            compare = $"{url}/compare/{from}...{to}",
            commits = changes,
            head_commit = changes.LastOrDefault(),
            pusher = new { name = user, email = $"{user}@example.com" },
            sender = new { login = user, type = "User" },
            organization = new { login = org },
            repository = new
            {
                name = repo,
                full_name = $"{org}/{repo}",
                @private = !options.AnonymousRead,
                owner = new { login = org, name = org },
                html_url = url,
                clone_url = url + ".git",
                default_branch = GitRepositories.DefaultBranch,
            },
        };
    }

    private static Commit[] NewCommits(Repository repository, Commit head, string from)
    {
        var filter = new CommitFilter
        {
            IncludeReachableFrom = head,
            ExcludeReachableFrom = from == Zero ? null : from,
            SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Reverse,
        };
        return [.. repository.Commits.QueryBy(filter).TakeLast(2048)];
    }

    private static object Describe(Repository repository, Commit commit, string url)
    {
        using var changes = repository.Diff.Compare<TreeChanges>(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        return new
        {
            id = commit.Sha,
            tree_id = commit.Tree.Sha,
            distinct = true,
            message = commit.Message.TrimEnd('\n'),
            timestamp = commit.Committer.When,
            url = $"{url}/commit/{commit.Sha}",
            author = new { name = commit.Author.Name, email = commit.Author.Email },
            committer = new { name = commit.Committer.Name, email = commit.Committer.Email },
            added = changes.Added.Concat(changes.Renamed).Concat(changes.Copied).Select(c => c.Path).ToArray(),
            removed = changes.Deleted.Select(c => c.Path).Concat(changes.Renamed.Select(c => c.OldPath)).ToArray(),
            modified = changes.Modified.Concat(changes.TypeChanged).Select(c => c.Path).ToArray(),
        };
    }
}
