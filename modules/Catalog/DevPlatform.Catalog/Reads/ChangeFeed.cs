using DevPlatform.Catalog.Storage;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DevPlatform.Catalog.Reads;

/// <summary>
/// Keeps this process's read model up to date: loads all entities once, then follows the numbered changes, woken by PostgreSQL's
/// notifications and otherwise every few seconds. After any disconnect it goes on from the last number.
/// </summary>
public sealed class ChangeFeed : BackgroundService
{
    private const int PartSize = 256;

    // Notifications come at once; this is for one that is lost with a connection whose end nobody noticed.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(10);

    // Changes are kept for a day; who was away longer than half of one starts over.
    private static readonly TimeSpan MaxAbsence = TimeSpan.FromHours(12);

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeFeed> _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _caughtUpAt = DateTimeOffset.MinValue;
    private volatile TaskCompletionSource _advance = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChangeFeed(NpgsqlDataSource dataSource, TimeProvider time, ILogger<ChangeFeed> logger)
    {
        _dataSource = dataSource;
        _time = time;
        _logger = logger;
    }

    internal EntityIndex Index { get; private set; } = new();

    /// <summary>Ends when the read model next changes; take it before looking at the version.</summary>
    internal Task NextChange => _advance.Task;

    /// <summary>Brings the read model to what is committed now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var before = Index.Version;
            if (_time.GetUtcNow() - _caughtUpAt > MaxAbsence)
            {
                await LoadAsync(cancellationToken);
            }
            else
            {
                await FollowAsync(cancellationToken);
            }

            _caughtUpAt = _time.GetUtcNow();
            _loaded.TrySetResult();
            if (Index.Version != before)
            {
                var advance = _advance;
                _advance = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                advance.SetResult();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The read model, once it is loaded.</summary>
    internal async ValueTask<EntityIndex> ReadyAsync(CancellationToken cancellationToken)
    {
        if (!_loaded.Task.IsCompletedSuccessfully)
        {
            try
            {
                await _loaded.Task.WaitAsync(ReadyTimeout, cancellationToken);
            }
            catch (TimeoutException e)
            {
                throw new ServiceUnavailableException("The catalog is still loading its entities", e);
            }
        }

        return Index;
    }

    public override void Dispose()
    {
        base.Dispose();
        Index.Dispose();
        _gate.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Before the first migration, or while the database is away.
                _logger.Log(_loaded.Task.IsCompleted ? LogLevel.Warning : LogLevel.Debug, e, "The catalog's change feed was interrupted and will go on");
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(RetryInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand($"listen {EntityTables.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            await CatchUpAsync(stoppingToken);
            await connection.WaitAsync(PollInterval, stoppingToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var position = new NpgsqlCommand("select coalesce(max(seq), 0) from catalog.changes", connection);
        var version = (long)(await position.ExecuteScalarAsync(cancellationToken))!;
        await using var all = new NpgsqlCommand("select 0::bigint, ref, uid, etag, parent_ref, root_id, final from catalog.entities", connection);
        var loaded = new EntityIndex();
        await ApplyAsync(all, loaded, cancellationToken);
        loaded.Apply([], version);
        // Whoever reads the one before goes on with it.
        Index = loaded;
        _logger.LogInformation("The catalog's read model holds {Count} entities", loaded.Read(view => view.Count));
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var changes = new NpgsqlCommand(
            """
            select c.seq, c.entity_ref, e.uid, e.etag, e.parent_ref, e.root_id, e.final
            from (select entity_ref, max(seq) as seq from catalog.changes where seq > $1 group by entity_ref) c
            left join catalog.entities e on e.ref = c.entity_ref
            """, connection);
        changes.Parameters.AddWithValue(Index.Version);
        var version = await ApplyAsync(changes, Index, cancellationToken);
        if (version > Index.Version)
        {
            Index.Apply([], version);
        }
    }

    /// <summary>Puts what a query finds into an index as it comes, so that not all of it is in memory twice.</summary>
    /// <returns>The newest change.</returns>
    private static async Task<long> ApplyAsync(NpgsqlCommand command, EntityIndex index, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var part = new List<(string, IndexedEntity?)>(PartSize);
        var version = 0L;
        string? parent = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            version = Math.Max(version, reader.GetInt64(0));
            var entityRef = reader.GetString(1);
            var parentRef = reader.IsDBNull(4) ? null : reader.GetString(4);
            // Entities of one file come together; they share the string.
            parent = parentRef == parent ? parent : parentRef;
            part.Add((entityRef, reader.IsDBNull(2)
                ? null
                : new IndexedEntity(entityRef, reader.GetGuid(2), reader.GetString(3), parent, reader.GetGuid(5), reader.GetFieldValue<byte[]>(6))));
            if (part.Count == PartSize)
            {
                index.Apply(part, index.Version);
                part.Clear();
            }
        }

        index.Apply(part, index.Version);
        return version;
    }
}
