using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Providers.GitHub;
using DevPlatform.Catalog.Storage;
using DevPlatform.Integrations.Contracts;
using Microsoft.EntityFrameworkCore;

namespace DevPlatform.Catalog.Providers;

/// <summary>Has what comes from a pushed repository read again at once.</summary>
public static class RepositoryPushedHandler
{
    public static async Task HandleAsync(RepositoryPushed push, CatalogDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(push.CloneUrl, UriKind.Absolute, out var url) || url.AbsolutePath.Length < 2)
        {
            return;
        }

        // By its path: a server has other names inside a network than outside. To look once too often does no harm.
        var path = url.AbsolutePath.TrimEnd('/').ToLowerInvariant();
        var repository = path.EndsWith(".git", StringComparison.Ordinal) ? path : path + ".git";
        var dependency = $"{repository} ";
        var bare = repository[..^4];
        await db.Database.ExecuteSqlAsync(
            $"""
            update catalog.roots set refresh_requested_at = {time.GetUtcNow()}
            where type <> {RootType.Entities} and (position({dependency} in lower(dependencies)) > 0
              or right(lower(target), {repository.Length}) = {repository} or right(lower(target), {bare.Length}) = {bare})
            """, cancellationToken);
        await db.SignalRefreshAsync(RefreshSignals.Requested, cancellationToken);
        // Its first catalog file may have come with this.
        await db.SignalRefreshAsync(GitHubOrganization.NameOf(push.Organization), cancellationToken);
    }
}

/// <summary>Has the list of an organization's repositories read again at once.</summary>
public static class RepositoryListChangedHandler
{
    public static Task HandleAsync(RepositoryListChanged change, CatalogDbContext db, CancellationToken cancellationToken) =>
        db.SignalRefreshAsync(GitHubOrganization.NameOf(change.Organization), cancellationToken);
}
