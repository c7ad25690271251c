using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Providers;
using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Catalog.Ingestion;

/// <summary>
/// Runs the providers and keeps all roots up to date; on one replica. Requests to refresh come through the table of roots, from any replica.
/// </summary>
internal sealed class IngestionService(
    NpgsqlDataSource dataSource, TimeProvider time, ILogger<IngestionService> logger, IServiceScopeFactory scopes, IOptions<CatalogOptions> options,
    IEnumerable<ICatalogProvider> providers, RefreshSignals signals)
    : SingletonService(dataSource, time, logger)
{
    private const int Parallelism = 4;
    private const int BatchSize = 64;
    private const int ChecksPerInterval = 6;

    // Requests are signalled; this is for a signal that was lost.
    private static readonly TimeSpan RequestedInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeepChanges = TimeSpan.FromDays(1);

    private readonly NpgsqlDataSource _dataSource = dataSource;
    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;
    private DateTimeOffset _trimmedAt;

    protected override TimeSpan RetryInterval => TimeSpan.FromSeconds(2);

    protected override string LockName => "catalog:ingestion";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await RemoveUnprovidedRootsAsync(all.Token);
        List<Task> work =
        [
            signals.ListenAsync(_dataSource, all.Token), RefreshRequestedAsync(all.Token), RefreshDueAsync(all.Token),
            .. providers.Select(provider => RunProviderAsync(provider, all.Token)),
        ];
        // What ends has lost the database: all start over.
        await Task.WhenAny(work);
        await all.CancelAsync();
        await Task.WhenAll(work);
    }

    private async Task RunProviderAsync(ICatalogProvider provider, CancellationToken cancellationToken)
    {
        var connection = new ProviderConnection(provider.Name, scopes, signals, _time);
        for (var failures = 0; ; failures++)
        {
            var started = _time.GetTimestamp();
            try
            {
                await provider.RunAsync(connection, cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failures = _time.GetElapsedTime(started) > MaxPause ? 0 : failures;
                var pause = TimeSpan.FromSeconds(Math.Min(MaxPause.TotalSeconds, Math.Pow(2, failures)));
                _logger.LogWarning(e, "Catalog provider {Provider} failed and will start again in {Pause}", provider.Name, pause);
                await signals.WaitAsync(provider.Name, pause, _time, cancellationToken);
            }
        }
    }

    /// <summary>What someone waits for goes beside the routine, so that a slow server does not delay it.</summary>
    private async Task RefreshRequestedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var requested = await RootsAsync(roots => roots.Where(r => r.RefreshRequestedAt != null).OrderBy(r => r.RefreshRequestedAt), cancellationToken);
            await RefreshAsync(requested, new ReadSession(), cancellationToken);
            if (requested.Count < BatchSize)
            {
                await signals.WaitAsync(RefreshSignals.Requested, RequestedInterval, _time, cancellationToken);
            }
        }
    }

    private async Task RefreshDueAsync(CancellationToken cancellationToken)
    {
        var asked = new ReadSession();
        var pause = options.Value.RefreshInterval / ChecksPerInterval;
        pause = pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause;
        while (true)
        {
            var before = _time.GetUtcNow() - options.Value.RefreshInterval;
            // Whoever gives versions says himself when something changed; that something was missed is possible and rare.
            var rarely = _time.GetUtcNow() - options.Value.VersionedRefreshInterval;
            var due = await RootsAsync(
                roots => roots.Where(r => r.RefreshRequestedAt == null && (r.CheckedAt == null || (r.CheckedAt < before && r.ProviderVersion == null) || r.CheckedAt < rarely)).OrderBy(r => r.CheckedAt), cancellationToken);
            await RefreshAsync(due, asked, cancellationToken);
            if (due.Count < BatchSize)
            {
                asked = new ReadSession();
                await TrimChangesAsync(cancellationToken);
                await signals.WaitAsync(RefreshSignals.Due, pause, _time, cancellationToken);
            }
        }
    }

    private async Task<List<Guid>> RootsAsync(Func<IQueryable<RootRow>, IQueryable<RootRow>> which, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var readable = scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Roots.Where(r => r.Type != RootType.Entities);
        return await which(readable).Select(r => r.Id).Take(BatchSize).ToListAsync(cancellationToken);
    }

    private Task RefreshAsync(List<Guid> roots, ReadSession asked, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        roots, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (id, token) =>
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

    private async Task PostponeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Roots.Where(r => r.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.CheckedAt, _time.GetUtcNow()).SetProperty(r => r.RefreshRequestedAt, (DateTimeOffset?)null), cancellationToken);
    }

    private async Task RemoveUnprovidedRootsAsync(CancellationToken cancellationToken)
    {
        var known = providers.Select(provider => provider.Name).Concat([RootKind.Registered, RootKind.Organization]).ToList();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        foreach (var gone in await db.AddedAnnotations.Where(a => !known.Contains(a.Provider)).Select(a => new { a.Provider, a.Source }).Distinct().ToListAsync(cancellationToken))
        {
            await using var removal = scopes.CreateAsyncScope();
            await removal.ServiceProvider.GetRequiredService<CatalogWriter>().SetAnnotationsAsync(gone.Provider, gone.Source, new Dictionary<string, string>(), cancellationToken);
        }

        foreach (var gone in await db.Roots
            .Where(r => !known.Contains(r.Kind)).Select(r => r.Id).ToListAsync(cancellationToken))
        {
            await using var removal = scopes.CreateAsyncScope();
            await removal.ServiceProvider.GetRequiredService<CatalogWriter>().RemoveRootAsync(gone, ChangeCause.Ingestion, cancellationToken);
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
        await scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Database.ExecuteSqlAsync(
            $"delete from catalog.history where at < {now - options.Value.KeepHistory}", cancellationToken);
    }
}
