using System.Text.Json;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.History;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Catalog.Search;
using Npgsql;
using NpgsqlTypes;

namespace DevPlatform.Catalog.Storage;

/// <summary>An entity as it is stored, before stitching.</summary>
internal sealed record StoredEntity(string Ref, Guid Uid, string? ParentRef, string Location, string Document, string? Issues, bool IsOrphan);

/// <summary>An entity to store.</summary>
internal sealed record EntityUpsert(string Ref, Guid Uid, string? ParentRef, string Location, string Document, string? Issues)
{
    public bool Equals(StoredEntity stored) => !stored.IsOrphan && (ParentRef, Location, Document, Issues) == (stored.ParentRef, stored.Location, stored.Document, stored.Issues);
}

/// <summary>A line of the change feed.</summary>
/// <param name="Ref">Lower-case reference.</param>
/// <param name="Change"><c>added</c>, <c>updated</c> or <c>removed</c>.</param>
/// <param name="Removed">The last version of a removed entity.</param>
internal sealed record EntityChange(string Ref, string Change, byte[]? Removed = null);

/// <summary>What stitching one entity needs, and what it was before.</summary>
internal sealed record StitchInput(
    EntityParts Parts, string Etag, string? State, string? StateMessage, List<(string Type, string Target)> Relations, ClaimRow? Claim)
{
    public string? MissingOwner { get; set; }

    /// <summary>JSON objects of annotations that providers add.</summary>
    public List<string> Added { get; } = [];
}

/// <summary>Bulk SQL on the tables of entities, inside the writer's transaction.</summary>
internal sealed class EntityTables(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    /// <summary>Channel on which readers hear of changes.</summary>
    public const string Channel = "catalog_changes";

    public Task LockAsync() => ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('catalog:write', 0))");

    /// <summary>Whether no other run has brought a root up to date since.</summary>
    public async Task<bool> IsStillAsync(RootRow since) =>
        (await QueryAsync("select 1 from catalog.roots where id = $1 and dependencies is not distinct from $2", r => r.GetInt32(0), Value(since.Id), Value(since.Dependencies))).Count > 0;

    public Task RequestRefreshAsync(Guid rootId, DateTimeOffset now) => ExecuteAsync(
        $"with requested as (update catalog.roots set refresh_requested_at = $2 where id = $1) select pg_notify('{RefreshSignals.Channel}', '{RefreshSignals.Requested}')", Value(rootId), Value(now));

    public Task<List<StoredEntity>> RootEntitiesAsync(Guid rootId) => QueryAsync(
        "select ref, uid, parent_ref, location, document, issues, orphaned_at is not null from catalog.entities where root_id = $1",
        r => new StoredEntity(r.GetString(0), r.GetGuid(1), Text(r, 2), r.GetString(3), r.GetString(4), Text(r, 5), r.GetBoolean(6)),
        Value(rootId));

    /// <summary>
    /// Which of the refs other roots have, in what file, and whether they may be taken over: what its source has no more is free, and the organization
    /// gives way to a file that describes one of its groups: Keycloak says that the group is there, its owners say more about it.
    /// </summary>
    public Task<List<(string Ref, string Location, bool IsFree)>> ElsewhereAsync(Guid rootId, string[] refs) => QueryAsync(
        $"""
        select e.ref, e.location, coalesce(e.orphaned_at is not null or (r.kind = '{RootKind.Organization}' and e.ref like 'group:%'), false)
        from catalog.entities e left join catalog.roots r on r.id = e.root_id where e.ref = any($2) and e.root_id <> $1
        """, r => (r.GetString(0), r.GetString(1), r.GetBoolean(2)), Value(rootId), Value(refs));

    public Task UpsertAsync(Guid rootId, IReadOnlyList<EntityUpsert> entities) => entities.Count == 0 ? Task.CompletedTask : ExecuteAsync(
        """
        insert into catalog.entities (ref, uid, root_id, parent_ref, location, document, issues, final, etag, lifecycle)
        select ref, uid, $1, parent_ref, location, document, issues, '', '', 'Active'
        from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) as e(ref, uid, parent_ref, location, document, issues)
        on conflict (ref) do update set root_id = excluded.root_id, parent_ref = excluded.parent_ref, location = excluded.location, document = excluded.document,
          issues = excluded.issues, orphaned_at = null
        """,
        Value(rootId), Value(entities.Select(e => e.Ref)), Value(entities.Select(e => e.Uid).ToArray()), Value(entities.Select(e => e.ParentRef)),
        Value(entities.Select(e => e.Location)), Value(entities.Select(e => e.Document)), Value(entities.Select(e => e.Issues)));

    /// <summary>Stores entities that are new, with what they are served as.</summary>
    public async Task InsertAsync(Guid rootId, IReadOnlyList<EntityUpsert> entities, IEnumerable<StitchedEntity> stitched)
    {
        if (entities.Count == 0)
        {
            return;
        }

        var served = stitched.ToDictionary(e => e.Ref, StringComparer.Ordinal);
        await using var rows = await connection.BeginBinaryImportAsync(
            """
            copy catalog.entities (ref, uid, root_id, parent_ref, location, document, issues, final, etag, lifecycle, state, state_message) from stdin (format binary)
            """, cancellationToken);
        foreach (var entity in entities)
        {
            var final = served[entity.Ref];
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(entity.Ref, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(entity.Uid, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(rootId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(entity.ParentRef, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(entity.Location, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(entity.Document, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(entity.Issues, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(final.Final, NpgsqlDbType.Bytea, cancellationToken);
            await rows.WriteAsync(final.Etag, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(final.Lifecycle, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(final.State, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(final.StateMessage, NpgsqlDbType.Text, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);
    }

    /// <summary>Deletes entities; the answer is what they were.</summary>
    public async Task<IReadOnlyList<EntityVersion>> DeleteAsync(IReadOnlyList<string> refs)
    {
        if (refs.Count == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand("delete from catalog.entities where ref = any($1) returning ref, final, lifecycle", connection);
        command.Parameters.Add(Value(refs));
        return await HistoryTables.ReadVersionsAsync(command, cancellationToken);
    }

    public Task<Dictionary<string, EntityVersion>> ServedAsync(IEnumerable<string> refs) => HistoryTables.ServedAsync(connection, refs, cancellationToken);

    public Task AppendHistoryAsync(IReadOnlyList<HistoryEntry> entries, DateTimeOffset now) => HistoryTables.AppendAsync(connection, entries, now, cancellationToken);

    /// <summary>Marks entities as no longer in their source.</summary>
    public Task OrphanAsync(IReadOnlyList<string> refs, DateTimeOffset now) => refs.Count == 0 ? Task.CompletedTask : ExecuteAsync(
        "update catalog.entities set orphaned_at = $2 where ref = any($1)", Value(refs), Value(now));

    /// <summary>Stores the relations that changed entities declare, drops those of removed ones; the answer is whose relations differ now.</summary>
    public async Task<HashSet<string>> ReplaceRelationsAsync(IReadOnlyDictionary<string, IReadOnlyList<Relation>> changed, IReadOnlyList<string> removed)
    {
        var origins = changed.Keys.Concat(removed).ToArray();
        if (origins.Length == 0)
        {
            return [];
        }

        var before = await QueryAsync(
            "select origin, type, target from catalog.relations where origin = any($1)", r => new Relation(r.GetString(0), r.GetString(1), r.GetString(2)), Value(origins));
        var after = changed.Values.SelectMany(relations => relations).ToHashSet();
        var gone = before.Where(r => !after.Contains(r)).ToList();
        var fresh = after.Except(before).ToList();
        if (gone.Count > 0)
        {
            await ExecuteAsync(
                "delete from catalog.relations r using unnest($1::text[], $2::text[], $3::text[]) as g(origin, type, target) where (r.origin, r.type, r.target) = (g.origin, g.type, g.target)",
                Value(gone.Select(r => r.Origin)), Value(gone.Select(r => r.Type)), Value(gone.Select(r => r.Target)));
        }

        if (fresh.Count > 0)
        {
            await ExecuteAsync(
                "insert into catalog.relations (origin, type, target) select * from unnest($1::text[], $2::text[], $3::text[])",
                Value(fresh.Select(r => r.Origin)), Value(fresh.Select(r => r.Type)), Value(fresh.Select(r => r.Target)));
        }

        return [.. gone.Concat(fresh).Select(r => r.Target)];
    }

    /// <summary>Entities whose owner is among the refs.</summary>
    public Task<List<string>> OwnedByAsync(IReadOnlyList<string> refs) => refs.Count == 0 ? Task.FromResult(new List<string>()) : QueryAsync(
        "select origin from catalog.relations where target = any($1) and type = 'ownedBy'", r => r.GetString(0), Value(refs));

    /// <param name="refs">Entities to stitch.</param>
    /// <param name="fresh">Those among them that are not stored yet.</param>
    public async Task<IReadOnlyCollection<StitchInput>> ReadForStitchingAsync(IReadOnlyList<string> refs, IReadOnlyList<EntityUpsert> fresh)
    {
        if (refs.Count == 0)
        {
            return [];
        }

        var claims = (await QueryAsync(
            "select resource, namespace, name, entity_ref, state, message, environment, size, connection, since, backup from catalog.claims where entity_ref = any($1) order by resource, namespace, name",
            ReadClaim, Value(refs))).GroupBy(c => c.EntityRef, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var inputs = (await QueryAsync(
            "select ref, uid, document, issues, etag, state, state_message, orphaned_at is not null from catalog.entities where ref = any($1)",
            r => new StitchInput(
                new EntityParts(r.GetString(0), r.GetGuid(1), r.GetString(2), Text(r, 3), r.GetBoolean(7)), r.GetString(4), Text(r, 5), Text(r, 6), [], claims.GetValueOrDefault(r.GetString(0))),
            Value(refs))).ToDictionary(input => input.Parts.Ref, StringComparer.Ordinal);
        foreach (var entity in fresh)
        {
            inputs[entity.Ref] = new StitchInput(new EntityParts(entity.Ref, entity.Uid, entity.Document, entity.Issues), "", null, null, [], claims.GetValueOrDefault(entity.Ref));
        }

        var news = fresh.Select(e => e.Ref).ToHashSet(StringComparer.Ordinal);
        var present = inputs.Keys.ToArray();
        foreach (var (origin, type, target) in await QueryAsync(
            "select origin, type, target from catalog.relations where origin = any($1) union select origin, type, target from catalog.relations where target = any($1)",
            r => (r.GetString(0), r.GetString(1), r.GetString(2)), Value(present)))
        {
            if (inputs.TryGetValue(origin, out var from))
            {
                from.Relations.Add((type, target));
            }

            if (inputs.TryGetValue(target, out var to))
            {
                to.Relations.Add((EntityKinds.Inverse(type), origin));
            }
        }

        foreach (var (origin, owner) in await QueryAsync(
            """
            select r.origin, r.target from catalog.relations r
            where r.origin = any($1) and r.type = 'ownedBy' and not exists (select from catalog.entities e where e.ref = r.target)
            """, r => (r.GetString(0), r.GetString(1)), Value(present)))
        {
            inputs[origin].MissingOwner = news.Contains(owner) ? null : owner;
        }

        foreach (var (entityRef, annotations) in await QueryAsync(
            "select entity_ref, annotations from catalog.added_annotations where entity_ref = any($1) order by provider, source", r => (r.GetString(0), r.GetString(1)), Value(present)))
        {
            inputs[entityRef].Added.Add(annotations);
        }

        return inputs.Values;
    }

    public async Task StoreStitchedAsync(
        IReadOnlyList<StitchedEntity> stitched, IReadOnlyList<EntityUpsert> fresh, IReadOnlyList<EntityChange> changes, DateTimeOffset now)
    {
        var news = fresh.Select(e => e.Ref).ToHashSet(StringComparer.Ordinal);
        var entities = stitched.Where(e => !news.Contains(e.Ref)).ToList();
        if (entities.Count > 0)
        {
            await ExecuteAsync(
                """
                update catalog.entities e set final = s.final, etag = s.etag, lifecycle = s.lifecycle, state = s.state, state_message = s.state_message
                from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[]) as s(ref, final, etag, lifecycle, state, state_message)
                where e.ref = s.ref
                """,
                Value(entities.Select(e => e.Ref)), Value(entities.Select(e => e.Final).ToArray()), Value(entities.Select(e => e.Etag)),
                Value(entities.Select(e => e.Lifecycle)), Value(entities.Select(e => e.State)), Value(entities.Select(e => e.StateMessage)));
        }

        await SearchTables.StoreEntitiesAsync(connection, stitched, cancellationToken);
        if (changes.Count > 0)
        {
            await ExecuteAsync(
                "insert into catalog.changes (entity_ref, change, changed_at, entity) select ref, change, $4, entity from unnest($1::text[], $2::text[], $3::bytea[]) as c(ref, change, entity)",
                Value(changes.Select(c => c.Ref)), Value(changes.Select(c => c.Change)), Value(changes.Select(c => c.Removed).ToArray()), Value(now));
            await ExecuteAsync($"select pg_notify('{Channel}', '')");
        }
    }

    public Task FinishRootAsync(Guid rootId, IReadOnlyDictionary<string, string>? dependencies, bool hasConflicts, DateTimeOffset now) => ExecuteAsync(
        "update catalog.roots set dependencies = $2, has_conflicts = $3, checked_at = $4, error = null where id = $1",
        Value(rootId), Value(dependencies is null ? null : JsonSerializer.Serialize(dependencies)), Value(hasConflicts), Value(now));

    public Task DeleteRootAsync(Guid rootId) => ExecuteAsync("delete from catalog.roots where id = $1", Value(rootId));

    public Task ForgetDependenciesAsync(string entityRef) => ExecuteAsync(
        "update catalog.roots set dependencies = null where id = (select root_id from catalog.entities where ref = $1)", Value(entityRef));

    /// <summary>What one root gave up, another may take over.</summary>
    public async Task WakeRootsWithConflictsAsync(Guid exceptRootId, DateTimeOffset now)
    {
        await ExecuteAsync("update catalog.roots set dependencies = null, refresh_requested_at = $2 where has_conflicts and id <> $1", Value(exceptRootId), Value(now));
        await ExecuteAsync($"select pg_notify('{RefreshSignals.Channel}', '{RefreshSignals.Requested}')");
    }

    /// <summary>Makes what a provider's source adds to entities this; the answer is whose annotations differ now.</summary>
    public async Task<HashSet<string>> StoreAddedAnnotationsAsync(string provider, string source, IReadOnlyDictionary<string, string> annotations)
    {
        var before = (await QueryAsync(
            "select entity_ref, annotations from catalog.added_annotations where provider = $1 and source = $2", r => (r.GetString(0), r.GetString(1)), Value(provider), Value(source)))
            .ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
        var gone = before.Keys.Where(entityRef => !annotations.ContainsKey(entityRef)).ToList();
        var changed = annotations.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).ToList();
        if (gone.Count > 0)
        {
            await ExecuteAsync("delete from catalog.added_annotations where provider = $1 and source = $2 and entity_ref = any($3)", Value(provider), Value(source), Value(gone));
        }

        if (changed.Count > 0)
        {
            await ExecuteAsync(
                """
                insert into catalog.added_annotations (provider, source, entity_ref, annotations)
                select $1, $2, entity_ref, annotations from unnest($3::text[], $4::text[]) as a(entity_ref, annotations)
                on conflict (provider, source, entity_ref) do update set annotations = excluded.annotations
                """,
                Value(provider), Value(source), Value(changed.Select(pair => pair.Key)), Value(changed.Select(pair => pair.Value)));
        }

        return [.. gone, .. changed.Select(pair => pair.Key)];
    }

    public async Task StoreClaimsAsync(IReadOnlyList<ClaimRow> changed, IReadOnlyList<ClaimRow> gone)
    {
        foreach (var claim in gone)
        {
            await ExecuteAsync(
                "delete from catalog.claims where (resource, namespace, name) = ($1, $2, $3)", Value(claim.Resource), Value(claim.Namespace), Value(claim.Name));
        }

        foreach (var claim in changed)
        {
            await ExecuteAsync(
                """
                insert into catalog.claims (resource, namespace, name, entity_ref, state, message, environment, size, connection, since, backup)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                on conflict (resource, namespace, name) do update set entity_ref = excluded.entity_ref, state = excluded.state, message = excluded.message,
                  environment = excluded.environment, size = excluded.size, connection = excluded.connection, since = excluded.since,
                  backup = excluded.backup
                """,
                Value(claim.Resource), Value(claim.Namespace), Value(claim.Name), Value(claim.EntityRef), Value(claim.State), Value(claim.Message),
                Value(claim.Environment), Value(claim.Size), Value(claim.Connection), Value(claim.Since), Value(claim.Backup));
        }
    }

    private static ClaimRow ReadClaim(NpgsqlDataReader r) => new()
    {
        Resource = r.GetString(0),
        Namespace = r.GetString(1),
        Name = r.GetString(2),
        EntityRef = r.GetString(3),
        State = r.GetString(4),
        Message = Text(r, 5),
        Environment = Text(r, 6),
        Size = Text(r, 7),
        Connection = Text(r, 8),
        Since = r.IsDBNull(9) ? null : r.GetFieldValue<DateTimeOffset>(9),
        Backup = Text(r, 10),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Value(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Value(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Value(DateTimeOffset? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Value(byte[]?[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private static NpgsqlParameter Value(Guid[] values) => new() { Value = values };

    private static NpgsqlParameter Value<T>(T value)
        where T : struct => new() { Value = value };

    private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
