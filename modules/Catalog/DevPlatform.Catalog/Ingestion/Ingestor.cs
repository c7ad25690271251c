using System.Text.Json;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Providers.GitHub;
using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>Brings one root up to date: asks whether its sources changed, and only then reads and stores them.</summary>
internal sealed class Ingestor(CatalogDbContext db, CatalogWriter writer, SourceTreeReader trees, SourceReader reader, TimeProvider time, ILogger<Ingestor> logger)
{
    /// <param name="rootId">The root; nothing happens when it is gone.</param>
    /// <param name="asked">Answers of this round, so that roots in one repository ask it once.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RefreshAsync(Guid rootId, ReadSession asked, CancellationToken cancellationToken)
    {
        var root = await db.Roots.AsNoTracking().FirstOrDefaultAsync(r => r.Id == rootId, cancellationToken);
        if (root is null)
        {
            return;
        }

        try
        {
            var known = root.Dependencies is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(root.Dependencies);
            if (known is not null && await reader.IsUnchangedAsync(known, asked, cancellationToken))
            {
                await CheckedAsync(root, null, cancellationToken);
                return;
            }

            var tree = root.Type == RootType.Repository
                ? await trees.ReadRepositoryAsync(root.Target, root.Kind.StartsWith(GitHubOrganization.Prefix, StringComparison.Ordinal) ? GitHosting.GitHub : null, cancellationToken)
                : await trees.ReadLocationAsync(root.Type, root.Target, cancellationToken);
            await writer.ApplyTreeAsync(root.Id, tree, root.Type == RootType.Repository ? ChangeCause.Discovery : ChangeCause.Ingestion, cancellationToken, since: root);
            await CheckedAsync(root, null, cancellationToken);
        }
        catch (PlatformException e)
        {
            // The source is away: what came from it stays as it was.
            logger.LogWarning("{Target} cannot be read: {Reason}", root.Target, e.Message);
            await CheckedAsync(root, e.Message, cancellationToken);
        }
    }

    // A request that came in during the run stands for what the run did not see.
    private Task<int> CheckedAsync(RootRow root, string? error, CancellationToken cancellationToken) => db.Roots.Where(r => r.Id == root.Id).ExecuteUpdateAsync(
        set => set
            .SetProperty(r => r.CheckedAt, time.GetUtcNow())
            .SetProperty(r => r.Error, error)
            .SetProperty(r => r.RefreshRequestedAt, r => r.RefreshRequestedAt == root.RefreshRequestedAt ? null : r.RefreshRequestedAt),
        cancellationToken);
}
