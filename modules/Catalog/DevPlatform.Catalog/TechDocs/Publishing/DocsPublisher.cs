using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DevPlatform.Catalog.Search;
using DevPlatform.Catalog.TechDocs.Site;
using DevPlatform.Catalog.TechDocs.Sources;
using DevPlatform.Catalog.TechDocs.Storage;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DevPlatform.Catalog.TechDocs.Publishing;

/// <summary>A look at the repository, and the build that follows when the documentation changed.</summary>
/// <param name="Log">What it says.</param>
/// <param name="Updated">Whether something else than before was published.</param>
internal sealed record DocsRun(BuildLog Log, Task<bool> Updated);

/// <summary>
/// Keeps published documentation up to date. However many ask, a site is built once at a time in a process, and its repository is asked at most
/// every <see cref="TechDocsOptions.CheckInterval"/>. Two replicas may build the same commit: with the same result.
/// </summary>
internal sealed class DocsPublisher(
    IGitRepositories repositories, DocsSites sites, IDocsStorage storage, IOptions<TechDocsOptions> options, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<DocsPublisher> logger) : IDisposable
{
    // What this build of the program makes of a revision is kept apart from what another makes of it.
    private static readonly string Generator = typeof(DocsPublisher).Module.ModuleVersionId.ToString("N")[..12];

    private readonly ConcurrentDictionary<string, Lazy<DocsRun>> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _builds = new(options.Value.ParallelBuilds);

    /// <summary>The published site, whose files are in storage; builds it when there is none.</summary>
    /// <exception cref="PlatformException">It cannot be built.</exception>
    public async Task<(PublishedSite Site, string StorageKey)> GetAsync(DocsSource source, CancellationToken cancellationToken)
    {
        if (await sites.FindAsync(source, cancellationToken) is { } site && await storage.ContainsAsync(StorageKey(site.Revision), cancellationToken))
        {
            return (site, StorageKey(site.Revision));
        }

        await Sync(source, requireFiles: true).Updated.WaitAsync(cancellationToken);
        site = await sites.FindAsync(source, cancellationToken) ?? throw new NotFoundException($"The documentation of {source.EntityRef} is not published");
        return (site, StorageKey(site.Revision));
    }

    /// <summary>Looks at the repository, or joins who is looking; a look moments ago counts.</summary>
    public DocsRun Sync(DocsSource source) => Sync(source, requireFiles: false);

    public void Dispose() => _builds.Dispose();

    private DocsRun Sync(DocsSource source, bool requireFiles)
    {
        var key = $"{source.EntityRef}|{source.Key}";
        while (true)
        {
            var mine = new Lazy<DocsRun>(() => Start(key, source));
            var run = _runs.GetOrAdd(key, mine);
            if (run == mine || !run.Value.Updated.IsCompleted || run.Value.Updated.IsFaulted)
            {
                return run.Value;
            }

            if (!requireFiles)
            {
                // Whoever comes after it has read what it published.
                return run.Value with { Updated = Task.FromResult(false) };
            }

            // It succeeded, and the files are gone again.
            _runs.TryRemove(new(key, run));
        }
    }

    private DocsRun Start(string key, DocsSource source)
    {
        var log = new BuildLog();
        var run = Task.Run(() => RunAsync(source, log));
        _ = ForgetAsync(key, run);
        return new DocsRun(log, run);
    }

    private async Task ForgetAsync(string key, Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(options.Value.CheckInterval, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _runs.TryRemove(key, out _);
    }

    private async Task<bool> RunAsync(DocsSource source, BuildLog log)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        deadline.CancelAfter(options.Value.BuildTimeout);
        try
        {
            return await BringUpToDateAsync(source, log, deadline.Token);
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ServiceUnavailableException($"The documentation of {source.EntityRef} was not built within {options.Value.BuildTimeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not PlatformException and not OperationCanceledException)
        {
            logger.LogError(e, "The documentation of {Entity} could not be built", source.EntityRef);
            throw;
        }
        finally
        {
            log.Complete();
        }
    }

    private async Task<bool> BringUpToDateAsync(DocsSource source, BuildLog log, CancellationToken cancellationToken)
    {
        var published = await sites.FindAsync(source, cancellationToken);
        var stored = published is { IsSearchable: true } && await storage.ContainsAsync(StorageKey(published.Revision), cancellationToken);
        log.Add($"Looking at {source.CloneUrl}, {source.Reference ?? "default branch"}");
        var snapshot = await SnapshotAsync(source, stored ? null : published?.Commit, cancellationToken);
        if (stored && snapshot.Commit == published!.Commit)
        {
            log.Add($"Up to date with commit {snapshot.Commit[..8]}");
            return false;
        }

        try
        {
            return await BringUpToDateAsync(source, snapshot, stored ? published : null, published?.Revision, log, cancellationToken);
        }
        catch (NotFoundException)
        {
            // The repository says that there is none any more.
            await sites.RemoveAsync(source.EntityRef, cancellationToken);
            throw;
        }
    }

    private async Task<bool> BringUpToDateAsync(DocsSource source, GitSnapshot snapshot, PublishedSite? stored, string? shown, BuildLog log, CancellationToken cancellationToken)
    {
        var tree = DocsTree.Open(source, snapshot, options.Value);
        var lastCommit = tree.LastCommit();
        var revision = RevisionOf(tree, lastCommit);
        if (revision == stored?.Revision)
        {
            log.Add($"Commit {snapshot.Commit[..8]} leaves the documentation as it was");
            await sites.LookedAtAsync(source, snapshot.Commit, cancellationToken);
            return false;
        }

        log.Add($"Building {tree.Files.Count} files of commit {snapshot.Commit[..8]}");
        await BuildAsync(tree, revision, lastCommit, log, cancellationToken);
        // Who reads it for the first time has nothing older on the screen.
        return shown is not null && shown != revision;
    }

    private async Task BuildAsync(DocsTree tree, string revision, GitCommit lastCommit, BuildLog log, CancellationToken cancellationToken)
    {
        await _builds.WaitAsync(cancellationToken);
        Task<BuiltSite>? building = null;
        try
        {
            var started = time.GetTimestamp();
            var builder = new SiteBuilder(tree, options.Value);
            var now = time.GetUtcNow();
            building = builder.BuildAsync(revision, lastCommit, now, cancellationToken);
            var site = await building.WaitAsync(cancellationToken);
            await storage.SaveAsync(StorageKey(revision), site.Files, cancellationToken);
            await sites.PublishAsync(tree.Source, tree.Snapshot.Commit, revision, site.Metadata, Sections(site), now, cancellationToken);
            foreach (var broken in builder.Report.BrokenLinks)
            {
                log.Add($"Broken link in {broken.Page}: \"{broken.Link}\": {broken.Reason}");
            }

            foreach (var warning in builder.Report.Warnings)
            {
                log.Add($"Warning: {warning}");
            }

            log.Add($"Published {site.Pages.Count} pages in {time.GetElapsedTime(started).TotalMilliseconds:0} ms");
        }
        finally
        {
            // A page that takes too long cannot be interrupted: its place stays taken until it is done.
            _ = (building ?? Task.CompletedTask).ContinueWith(_ => _builds.Release(), TaskScheduler.Default);
        }
    }

    private static IEnumerable<DocumentSection> Sections(BuiltSite site) => site.Pages.SelectMany(page =>
        page.Sections.Select(section => new DocumentSection(section.Title, section.Text, page.Url + (section.Anchor is null ? "" : $"#{section.Anchor}"))));

    private async Task<GitSnapshot> SnapshotAsync(DocsSource source, string? fallback, CancellationToken cancellationToken)
    {
        try
        {
            return await repositories.GetSnapshotAsync(source.CloneUrl, source.Reference, cancellationToken);
        }
        catch (ServiceUnavailableException) when (fallback is not null)
        {
            // The commit that another replica published may be in this one's clone.
            return await repositories.GetSnapshotAsync(source.CloneUrl, fallback, cancellationToken);
        }
    }

    private static string StorageKey(string revision) => $"{revision}-{Generator}";

    private static string RevisionOf(DocsTree tree, GitCommit lastCommit)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var config = tree.ConfigFile is null ? null : tree.Snapshot.Find(tree.ConfigFile);
        foreach (var line in new[] { tree.Source.EntityRef, tree.Source.Key, lastCommit.Id, config?.BlobId ?? "" }.Concat(tree.Files.Select(file => $"{file.Path}\0{file.BlobId}")))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
