using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>Keeps all roots up to date; runs on one replica. Requests to refresh come through the table of roots, from any replica.</summary>
internal sealed class IngestionService(
    NpgsqlDataSource dataSource, TimeProvider time, ILogger<IngestionService> logger, IServiceScopeFactory scopes, IOptions<CatalogOptions> options)
    : SingletonService(dataSource, time, logger)
{
    private const int Parallelism = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepChanges = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private DateTimeOffset _trimmedAt;

    protected override TimeSpan RetryInterval => TimeSpan.FromSeconds(2);

    protected override string LockName => "catalog:ingestion";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await SyncConfiguredRootsAsync(cancellationToken);
        while (true)
        {
            await RefreshDueAsync(cancellationToken);
            await TrimChangesAsync(cancellationToken);
            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    private async Task RefreshDueAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(cancellationToken);
        if (due.Count == 0)
        {
            return;
        }

        var asked = new ReadSession();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (id, token) =>
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<Ingestor>().RefreshAsync(id, asked, token);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                // One root's failure is not the others'; it is tried again when it is due.
                _logger.LogError(e, "Refreshing root {Root} failed", id);
                await PostponeAsync(id, token);
            }
        });
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var before = _time.GetUtcNow() - options.Value.RefreshInterval;
        return await db.Roots.Where(r => r.CheckedAt == null || r.CheckedAt < before || r.RefreshRequestedAt != null)
            .OrderBy(r => r.CheckedAt).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    private async Task PostponeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Roots.Where(r => r.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.CheckedAt, _time.GetUtcNow()).SetProperty(r => r.RefreshRequestedAt, (DateTimeOffset?)null), cancellationToken);
    }

    private async Task SyncConfiguredRootsAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        var wanted = options.Value.Locations.Select(l => (RootKind.Configured, l.Type, l.Target))
            .Concat(options.Value.Git.Repositories.Select(url => (RootKind.Repository, "url", url)))
            .ToHashSet();
        var present = await db.Roots.AsNoTracking().Where(r => r.Kind != RootKind.Registered).ToListAsync(cancellationToken);
        db.Roots.AddRange(wanted.Except(present.Select(r => (r.Kind, r.Type, r.Target)))
            .Select(w => new RootRow { Id = Guid.NewGuid(), Kind = w.Item1, Type = w.Item2, Target = w.Item3 }));
        await db.SaveChangesAsync(cancellationToken);
        foreach (var gone in present.Where(r => !wanted.Contains((r.Kind, r.Type, r.Target))))
        {
            await using var removal = scopes.CreateAsyncScope();
            await removal.ServiceProvider.GetRequiredService<CatalogWriter>().RemoveRootAsync(gone.Id, cancellationToken);
        }
    }

    private async Task TrimChangesAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (now - _trimmedAt < TimeSpan.FromHours(1))
        {
            return;
        }

        _trimmedAt = now;
        await using var scope = scopes.CreateAsyncScope();
        // The newest stays, so that the numbering is known.
        await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Database.ExecuteSqlAsync(
            $"delete from catalog.changes where changed_at < {now - KeepChanges} and seq < (select max(seq) from catalog.changes)", cancellationToken);
    }
}
