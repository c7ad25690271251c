using DevPlatform.Access.Teleport.Protos;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace DevPlatform.MockTools.Teleport;

/// <summary>The audit log and session recordings.</summary>
internal sealed partial class AuthServiceMock
{
    public override Task<Events> GetEvents(GetEventsRequest request, ServerCallContext context)
    {
        Require(context, "event");
        return Task.FromResult(Page(e => request.EventTypes.Count == 0 || request.EventTypes.Contains(MetadataOf(e).Type),
            request.StartDate, request.EndDate, request.Limit, request.StartKey, request.Order));
    }

    /// <summary>The ends of sessions: the list of recordings.</summary>
    public override Task<Events> GetSessionEvents(GetSessionEventsRequest request, ServerCallContext context)
    {
        Require(context, "session");
        return Task.FromResult(Page(e => SessionOf(e) is not null, request.StartDate, request.EndDate, request.Limit, request.StartKey,
            request.Order));
    }

    public override async Task StreamSessionEvents(StreamSessionEventsRequest request, IServerStreamWriter<OneOf> responseStream,
        ServerCallContext context)
    {
        Require(context, "session");
        var recording = store.Events().Where(e => SessionOf(e) == request.SessionId).ToArray();
        if (recording.Length == 0)
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"a recording for session {request.SessionId} was not found"));
        }

        foreach (var part in recording.Skip(request.StartIndex))
        {
            await responseStream.WriteAsync(part, context.CancellationToken);
        }
    }

    public static EventMetadata MetadataOf(OneOf e) => e.EventCase switch
    {
        OneOf.EventOneofCase.SessionEnd => e.SessionEnd.Metadata,
        OneOf.EventOneofCase.DatabaseSessionEnd => e.DatabaseSessionEnd.Metadata,
        OneOf.EventOneofCase.AccessRequestCreate => e.AccessRequestCreate.Metadata,
        _ => e.AccessRequestDelete.Metadata,
    };

    private static string? SessionOf(OneOf e) => e.SessionEnd?.Session.SessionId ?? e.DatabaseSessionEnd?.Session.SessionId;

    private void Require(ServerCallContext context, string resource)
    {
        if (!roles.May(Caller.Of(context), "list", resource))
        {
            throw Denied("access denied");
        }
    }

    private Events Page(Func<OneOf, bool> which, Timestamp? from, Timestamp? to, int limit, string startKey, Order order)
    {
        var found = store.Events().Where(which)
            .Where(e => (from is null || MetadataOf(e).Time >= from) && (to is null || MetadataOf(e).Time <= to));
        var sorted = order == Order.Ascending ? found.OrderBy(e => MetadataOf(e).Time) : found.OrderByDescending(e => MetadataOf(e).Time);
        var size = limit is > 0 and <= 10_000 ? limit : 10_000;
        var page = (startKey.Length == 0 ? sorted : sorted.SkipWhile(e => MetadataOf(e).Id != startKey)).Take(size + 1).ToArray();
        return new Events { Items = { page.Take(size) }, LastKey = page.Length > size ? MetadataOf(page[size]).Id : "" };
    }
}
