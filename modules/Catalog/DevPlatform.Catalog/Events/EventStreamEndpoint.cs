using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Catalog.Entities;
using DevPlatform.Catalog.Reads;
using DevPlatform.Catalog.Web;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using DevPlatform.Shared.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace DevPlatform.Catalog.Events;

/// <summary><c>GET /events</c>: changes of entities as they happen, as server-sent events.</summary>
internal static class EventStreamEndpoint
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder catalog) => catalog.MapGet("/events", StreamAsync)
        .RequirePermission(CatalogPermissions.EntityRead)
        .WithSummary("Streams changes of entities, as server-sent events")
        .WithDescription(
            "Query: filter (repeat for OR). Header Last-Event-ID goes on after that event; changes are kept for a day. Events: "
            + "entity {entityRef, change (added, updated or removed), etag (absent when removed), at}; heartbeat (empty) at the start and every 15 s; "
            + "reset {reason} when events were missed for good: read the entities anew. Ends with the token or its session.");

    private static async Task<ServerSentEventsResult<string>> StreamAsync(
        HttpContext context, ChangeFeed feed, EntityEvents events, TimeProvider time)
    {
        var filter = EntityFilter.Both(context.Request.Query.Filter(), context.Visible());
        var index = await feed.ReadyAsync(context.RequestAborted);
        var seen = ParseId(context.Request.Headers["Last-Event-ID"].FirstOrDefault());
        var missed = seen is { } last && !await events.AreKnownAsync(last, context.RequestAborted);
        var stream = new EntityStream(feed, events, time, filter, missed || seen is null ? index.Read(view => view.Version) : seen.Value);
        return TypedResults.ServerSentEvents(stream.RunAsync(context, missed));
    }

    private static long? ParseId(string? id) => id switch
    {
        null or "" => null,
        _ when long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw InputException.For("Last-Event-ID", id, "the id of an event of this stream"),
    };

    /// <summary>One listener's stream.</summary>
    private sealed class EntityStream(ChangeFeed feed, EntityEvents events, TimeProvider time, EntityFilter filter, long position)
    {
        private long _position = position;

        public async IAsyncEnumerable<SseItem<string>> RunAsync(
            HttpContext context, bool missed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            using var life = LongResponse.Begin(context);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.End);
            yield return Item("heartbeat", "") with { ReconnectionInterval = Reconnect };
            if (missed)
            {
                yield return Item("reset", JsonSerializer.Serialize(new { reason = "Changes are kept for a day; read the entities anew" }));
            }

            var sent = time.GetTimestamp();
            while (!stop.IsCancellationRequested)
            {
                var quiet = time.GetElapsedTime(sent);
                if (quiet >= Heartbeat)
                {
                    // It has the position too: who sees little of what happens resumes from there all the same.
                    yield return Item("heartbeat", "");
                    sent = time.GetTimestamp();
                    continue;
                }

                var next = feed.NextChange;
                var version = feed.Index.Read(view => view.Version);
                if (version <= _position)
                {
                    await next.WaitAsync(Heartbeat - quiet, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                if (await TryReadAsync(version, stop.Token) is not { } batch)
                {
                    // The database is away: the client comes again, from where it was.
                    yield break;
                }

                foreach (var change in batch)
                {
                    if (stop.IsCancellationRequested)
                    {
                        yield break;
                    }

                    _position = change.Number;
                    if (Show(change) is { } data)
                    {
                        yield return Item("entity", data);
                        sent = time.GetTimestamp();
                    }
                }

                // Fewer than up to there where a number was never used.
                _position = batch.Count == 0 ? version : _position;
            }
        }

        private SseItem<string> Item(string name, string data) => new(data, name) { EventId = _position.ToString(CultureInfo.InvariantCulture) };

        private async Task<IReadOnlyList<EntityEvent>?> TryReadAsync(long upTo, CancellationToken cancellationToken)
        {
            try
            {
                return await events.ReadAsync(_position, upTo, cancellationToken);
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
            {
                return null;
            }
        }

        /// <summary>The event's data, or null where the listener may not or does not want to see the entity.</summary>
        private string? Show(EntityEvent change)
        {
            if (change.Removed is not null)
            {
                return filter.Matches(change.Removed) ? JsonSerializer.Serialize(new { entityRef = change.Ref, change = change.Change, at = change.At }, EntityJson.Options) : null;
            }

            // One that was removed since is told of by a later event.
            var entity = feed.Index.Read(view => view.Find(change.Ref) is { } found && view.Matches(found, filter) ? found : null);
            return entity is null ? null : JsonSerializer.Serialize(new { entityRef = change.Ref, change = change.Change, etag = entity.Etag, at = change.At }, EntityJson.Options);
        }
    }
}
