using Npgsql;
using NpgsqlTypes;

namespace DevPlatform.Catalog.History;

/// <summary>SQL on the table of history, inside the writer's transaction.</summary>
internal static class HistoryTables
{
    /// <summary>Versions as they are before the writer stores new ones; entities that are not served yet have none.</summary>
    public static async Task<Dictionary<string, EntityVersion>> ServedAsync(NpgsqlConnection connection, IEnumerable<string> refs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select ref, final, lifecycle from catalog.entities where ref = any($1) and etag <> ''", connection);
        command.Parameters.Add(Texts(refs));
        return (await ReadVersionsAsync(command, cancellationToken)).ToDictionary(v => v.Ref, StringComparer.Ordinal);
    }

    /// <summary>Reads <c>ref, final, lifecycle</c>.</summary>
    public static async Task<List<EntityVersion>> ReadVersionsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<EntityVersion>();
        while (await reader.ReadAsync(cancellationToken))
        {
            versions.Add(new EntityVersion(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetString(2)));
        }

        return versions;
    }

    public static async Task AppendAsync(NpgsqlConnection connection, IReadOnlyList<HistoryEntry> entries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            insert into catalog.history
              (entity_ref, at, change, by, task_id, source, revision, lifecycle_from, lifecycle_to, owner_from, owner_to, fields)
            select entity_ref, $1, change, by, task_id, source, revision, lifecycle_from, lifecycle_to, owner_from, owner_to, fields
            from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
              as h(entity_ref, change, by, task_id, source, revision, lifecycle_from, lifecycle_to, owner_from, owner_to, fields)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        foreach (var column in (ReadOnlySpan<Func<HistoryEntry, string?>>)[
            e => e.EntityRef, e => e.Change, e => e.By, e => e.TaskId, e => e.Source, e => e.Revision,
            e => e.LifecycleFrom, e => e.LifecycleTo, e => e.OwnerFrom, e => e.OwnerTo, e => e.Fields])
        {
            command.Parameters.Add(Texts(entries.Select(column)));
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
