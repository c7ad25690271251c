using System.Collections.Concurrent;
using System.Text.Json;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DevPlatform.Identity.Sessions;

/// <summary>
/// Keycloak sessions that ended while access tokens of theirs still live: signed out here, or ended there (back-channel logout). In
/// <c>identity.ended_sessions</c>, and in every replica's memory: a replica says so to the others with <c>pg_notify</c>.
/// </summary>
internal sealed class EndedSessions(NpgsqlDataSource dataSource, TimeProvider time, IOptions<SignIn.SignInOptions> options, ILogger<EndedSessions> logger)
    : DatabaseListener(dataSource, logger), ISessionEnds
{
    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, EndedSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EndedSession> _subjects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Watcher, bool> _watchers = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override string Channel => "identity_ended_sessions";

    /// <summary>Whether this caller's token belongs to an ended session. Asks no database.</summary>
    public bool Contain(Caller caller) =>
        (caller.SessionId is { } session && _sessions.ContainsKey(session))
        || (_subjects.TryGetValue(caller.Subject, out var ended) && caller.IssuedAt <= ended.EndedAt);

    /// <inheritdoc />
    public IDisposable Watch(Caller caller, Action ended)
    {
        var watcher = new Watcher(this, caller, ended);
        _watchers[watcher] = true;
        // Ended while it was being opened.
        watcher.Look();
        return watcher;
    }

    /// <summary>Waits until this replica knows what ended before it started.</summary>
    public async ValueTask KnownAsync(CancellationToken cancellationToken)
    {
        if (_known.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await _known.Task.WaitAsync(KnownWithin, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new ServiceUnavailableException("The database cannot be reached at the moment, so it is not known which sessions have ended; try again", e);
        }
    }

    /// <summary>Ends a session, or without <paramref name="sessionId"/> every session that the subject has until now.</summary>
    public async Task EndAsync(string? sessionId, string? subject, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ended = new EndedSession(sessionId is null ? $"sub:{subject}" : $"sid:{sessionId}", now, now + options.Value.LongestAccessToken);
        await using var batch = DataSource.CreateBatch();
        Add("delete from identity.ended_sessions where expires_at < $1 and key <> $2", now, ended.Key);
        Add(
            "insert into identity.ended_sessions (key, ended_at, expires_at) values ($1, $2, $3) on conflict (key) do update set ended_at = $2, expires_at = $3",
            ended.Key, ended.EndedAt, ended.ExpiresAt);
        Add("select pg_notify($1, $2)", Channel, JsonSerializer.Serialize(ended));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        Remember(ended);
        TellWatchers();

        void Add(string sql, params object[] values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
            {
                command.Parameters.AddWithValue(value);
            }

            batch.BatchCommands.Add(command);
        }
    }

    protected override void Received(string payload)
    {
        Remember(JsonSerializer.Deserialize<EndedSession>(payload)!);
        TellWatchers();
    }

    protected override async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand("select key, ended_at, expires_at from identity.ended_sessions where expires_at >= $1");
        command.Parameters.AddWithValue(time.GetUtcNow());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            Remember(new EndedSession(rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetFieldValue<DateTimeOffset>(2)));
        }

        _known.TrySetResult();
        TellWatchers();
    }

    private void TellWatchers()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Look();
        }
    }

    private void Remember(EndedSession ended)
    {
        var (kind, id) = (ended.Key[..4], ended.Key[4..]);
        (kind == "sid:" ? _sessions : _subjects)[id] = ended;
        var now = time.GetUtcNow();
        foreach (var known in new[] { _sessions, _subjects })
        {
            foreach (var gone in known.Where(e => e.Value.ExpiresAt < now))
            {
                known.TryRemove(gone);
            }
        }
    }

    private sealed class Watcher(EndedSessions sessions, Caller caller, Action ended) : IDisposable
    {
        public void Look()
        {
            if (sessions.Contain(caller))
            {
                ended();
            }
        }

        public void Dispose() => sessions._watchers.TryRemove(this, out _);
    }

    /// <summary>As stored and as told to the other replicas.</summary>
    private sealed record EndedSession(string Key, DateTimeOffset EndedAt, DateTimeOffset ExpiresAt);
}
