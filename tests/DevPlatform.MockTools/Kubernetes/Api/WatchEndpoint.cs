using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>Watches: one JSON event per line from a version on, bookmarks, 410 when the version is forgotten.</summary>
internal sealed class WatchEndpoint(ObjectStore store, KubernetesOptions options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private CancellationTokenSource _cut = new();

    /// <summary>Whether a watch that starts too late learns it from the HTTP status instead of an ERROR event; real servers do either.</summary>
    public bool GoneAsStatus { get; set; }

    /// <summary>Ends all running watches, as a server does that is being replaced.</summary>
    public void Disconnect()
    {
        var cut = Interlocked.Exchange(ref _cut, new CancellationTokenSource());
        cut.Cancel();
        cut.Dispose();
    }

    public async Task RunAsync(HttpContext context, RequestTarget target)
    {
        var query = context.Request.Query;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, _cut.Token);
        if (double.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        var matches = Selectors.Parse(target.Type, query["labelSelector"], query["fieldSelector"]);
        var output = new EventStream(context.Response, target, query["allowWatchBookmarks"].ToString() is "true" or "1");
        try
        {
            await StreamAsync(output, Position(query), query, matches, stop.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The end of the watch's time; the client comes back from where it is.
            await output.BookmarkAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }
    }

    private static long? Position(IQueryCollection query)
    {
        var text = query["resourceVersion"].ToString();
        return text is "" or "0" ? null
            : long.TryParse(text, out var version) ? version
            : throw new KubernetesException(400, "BadRequest", $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private async Task StreamAsync(EventStream output, long? from, IQueryCollection query, Func<JsonObject, bool> matches, CancellationToken cancellationToken)
    {
        if (from > store.Current.Version)
        {
            throw new KubernetesException(504, "Timeout", $"Timeout: Too large resource version: {from}, current: {store.Current.Version}");
        }

        if (from is { } requested && GoneAsStatus && store.EventsAfter(requested, out _) is null)
        {
            throw TooOld(requested);
        }

        var initial = query["sendInitialEvents"].ToString() is "true" or "1";
        var position = from is { } version && !initial ? version : await InitialAsync(output, query, initial, cancellationToken);
        await output.StartAsync(position, cancellationToken);
        var nextBookmark = time.GetUtcNow().AddSeconds(options.BookmarkSeconds);
        while (true)
        {
            if (store.EventsAfter(position, out var changed) is not { } events)
            {
                await output.WriteAsync("ERROR", TooOld(position).ToStatus(), cancellationToken);
                return;
            }

            foreach (var change in events)
            {
                await output.WriteAsync(change, matches, cancellationToken);
                position = output.Position = change.Version;
            }

            var wait = nextBookmark - time.GetUtcNow();
            if (wait <= TimeSpan.Zero)
            {
                await output.BookmarkAsync(cancellationToken);
                nextBookmark = time.GetUtcNow().AddSeconds(options.BookmarkSeconds);
            }
            else if (events.Count == 0)
            {
                await Task.WhenAny(changed, Task.Delay(wait, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>What is there already, as ADDED events; the version at which that was.</summary>
    private async Task<long> InitialAsync(EventStream output, IQueryCollection query, bool mark, CancellationToken cancellationToken)
    {
        var snapshot = store.Current;
        await output.StartAsync(snapshot.Version, cancellationToken);
        foreach (var (_, value) in Lists.Select(snapshot, output.Target, query["labelSelector"], query["fieldSelector"]))
        {
            await output.WriteAsync("ADDED", value, cancellationToken);
        }

        if (mark)
        {
            await output.BookmarkAsync(cancellationToken, endsInitialEvents: true);
        }

        return snapshot.Version;
    }

    private KubernetesException TooOld(long version) => KubernetesException.Expired($"too old resource version: {version} ({store.Current.Version})");

    /// <summary>The response of one watch.</summary>
    private sealed class EventStream(HttpResponse response, RequestTarget target, bool bookmarks)
    {
        public RequestTarget Target => target;

        public long Position { get; set; }

        public Task StartAsync(long position, CancellationToken cancellationToken)
        {
            Position = position;
            if (!response.HasStarted)
            {
                response.ContentType = "application/json";
            }

            return response.Body.FlushAsync(cancellationToken);
        }

        public Task WriteAsync(StoreEvent change, Func<JsonObject, bool> matches, CancellationToken cancellationToken)
        {
            if (!change.Key.IsOf(target.Type) || (target.Namespace.Length > 0 && change.Key.Namespace != target.Namespace))
            {
                return Task.CompletedTask;
            }

            var was = change.Previous is { } previous && matches(previous);
            var matchesNow = change.Type != "DELETED" && matches(change.Object);
            return (was, matchesNow) switch
            {
                (false, true) => WriteAsync("ADDED", change.Object, cancellationToken),
                (true, true) => WriteAsync("MODIFIED", change.Object, cancellationToken),
                (true, false) => WriteAsync("DELETED", change.Object, cancellationToken),
                _ => Task.CompletedTask,
            };
        }

        public async Task WriteAsync(string type, JsonObject value, CancellationToken cancellationToken)
        {
            var line = $"{{\"type\":\"{type}\",\"object\":{value.ToJsonString(JsonExtensions.Plain)}}}\n";
            await response.WriteAsync(line, cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }

        public Task BookmarkAsync(CancellationToken cancellationToken, bool endsInitialEvents = false)
        {
            if (!bookmarks)
            {
                return Task.CompletedTask;
            }

            var metadata = new JsonObject { ["resourceVersion"] = Position.ToString(), ["creationTimestamp"] = null };
            if (endsInitialEvents)
            {
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            }

            return WriteAsync("BOOKMARK", new JsonObject { ["kind"] = target.Type.Kind, ["apiVersion"] = target.Type.ApiVersion, ["metadata"] = metadata }, cancellationToken);
        }
    }
}
