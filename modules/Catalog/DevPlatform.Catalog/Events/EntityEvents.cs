using DevPlatform.Catalog.Reads;
using Npgsql;

namespace DevPlatform.Catalog.Events;

/// <summary>A change of an entity, as the change feed has it.</summary>
/// <param name="Number">Position in the feed.</param>
/// <param name="Ref">Lower-case ref.</param>
/// <param name="Change"><c>added</c>, <c>updated</c> or <c>removed</c>.</param>
/// <param name="At">When.</param>
/// <param name="Removed">What a removed entity was found by.</param>
internal sealed record EntityEvent(long Number, string Ref, string Change, DateTimeOffset At, IReadOnlySet<SearchField>? Removed);

/// <summary>
/// Reads the change feed for those who listen. Most of them are at its end and ask for the same events, so the last answer is kept: a change costs
/// each replica one query, however many listen.
/// </summary>
internal sealed class EntityEvents(NpgsqlDataSource dataSource)
{
    private const int MaxEvents = 500;
    private readonly Lock _lock = new();
    private (long After, long UpTo, Task<IReadOnlyList<EntityEvent>> Events) _last = (-1, -1, Task.FromResult<IReadOnlyList<EntityEvent>>([]));

    /// <summary>Whether all changes after a number are still known; they are kept for a day.</summary>
    public async Task<bool> AreKnownAsync(long after, CancellationToken cancellationToken)
    {
        // Numbers may be missing (a change that failed), so the neighbour of the one seen last tells: it, or an earlier one, is still there.
        await using var command = dataSource.CreateCommand("select coalesce(min(seq) <= $1 and max(seq) >= $1, $1 = 0) from catalog.changes");
        command.Parameters.AddWithValue(after);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The first of the events after one number, up to another.</summary>
    public Task<IReadOnlyList<EntityEvent>> ReadAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<EntityEvent>> events;
        lock (_lock)
        {
            if (_last.After != after || _last.UpTo != upTo || _last.Events.IsFaulted)
            {
                // Others may wait for it too: whoever leaves does not stop it.
                _last = (after, upTo, QueryAsync(after, upTo));
            }

            events = _last.Events;
        }

        return events.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<EntityEvent>> QueryAsync(long after, long upTo)
    {
        await using var command = dataSource.CreateCommand(
            $"select seq, entity_ref, change, changed_at, entity from catalog.changes where seq > $1 and seq <= $2 order by seq limit {MaxEvents}");
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<EntityEvent>();
        while (await reader.ReadAsync())
        {
            events.Add(new EntityEvent(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : SearchFields.Of(reader.GetFieldValue<byte[]>(4))));
        }

        return events;
    }
}
