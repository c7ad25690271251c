using DevPlatform.Access.Requests;
using DevPlatform.Access.Teleport.Protos;
using DevPlatform.Shared.Errors;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Teleports = DevPlatform.Access.Teleport.Protos;

namespace DevPlatform.Access.Teleport;

/// <summary>An access request as Teleport has it.</summary>
/// <param name="Id">Teleport's id.</param>
/// <param name="State">Its state.</param>
/// <param name="Until">The end of what it grants.</param>
internal sealed record TeleportRequest(string Id, RequestState State, DateTimeOffset? Until);

/// <summary>The calls to Teleport's auth service that just-in-time access needs.</summary>
internal sealed class TeleportClient(TeleportChannel channel, IOptionsMonitor<TeleportOptions> options, TimeProvider time)
{
    private readonly AuthService.AuthServiceClient _client = new(channel.Channel);

    /// <summary>
    /// Finds what was created for our request: the one that grants longest, if there are several. The user's requests are few, so they are
    /// looked through for our reference in their reason.
    /// </summary>
    public async Task<TeleportRequest?> FindAsync(AccessRequest request, CancellationToken cancellationToken)
    {
        var reference = Reference(request);
        var found = new List<TeleportRequest>();
        var ask = new ListAccessRequestsRequest { Filter = new AccessRequestFilter { User = request.Username }, Limit = 100 };
        do
        {
            var page = await CallAsync(o => _client.ListAccessRequestsAsync(ask, o), cancellationToken);
            found.AddRange(page.AccessRequests.Where(r => r.Spec.RequestReason.Contains(reference, StringComparison.Ordinal)).Select(Of));
            ask.StartKey = page.NextKey;
        }
        while (ask.StartKey.Length > 0);

        return found.OrderBy(r => r.State == RequestState.Denied).ThenByDescending(r => r.Until).FirstOrDefault();
    }

    /// <summary>Finds a request by Teleport's id.</summary>
    public async Task<TeleportRequest?> GetAsync(string id, CancellationToken cancellationToken)
    {
        var ask = new ListAccessRequestsRequest { Filter = new AccessRequestFilter { Id = id }, Limit = 1 };
        var page = await CallAsync(o => _client.ListAccessRequestsAsync(ask, o), cancellationToken);
        return page.AccessRequests.Count == 0 ? null : Of(page.AccessRequests[0]);
    }

    /// <summary>Creates a request on the user's behalf, ending at <paramref name="until"/>.</summary>
    public async Task<TeleportRequest> CreateAsync(AccessRequest request, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var resource = request.TeleportResource.Split('/', 2);
        var wanted = new AccessRequestV3
        {
            Kind = "access_request",
            Version = "v3",
            Metadata = new Teleports.Metadata { Namespace = "default" },
            Spec = new AccessRequestSpecV3
            {
                User = request.Username,
                Roles = { options.CurrentValue.RoleFor(request) },
                State = RequestState.Pending,
                RequestReason = $"{request.Justification} {Reference(request)}",
                RequestedResourceIds = { new ResourceID { ClusterName = options.CurrentValue.Cluster, Kind = resource[0], Name = resource[1] } },
                MaxDuration = until.ToTimestamp(),
            },
        };
        return Of(await CallAsync(o => _client.CreateAccessRequestV2Async(wanted, o), cancellationToken));
    }

    /// <summary>Approves a request; <paramref name="approvers"/> names who decided it here.</summary>
    public Task ApproveAsync(string id, string approvers, CancellationToken cancellationToken) =>
        SetStateAsync(id, RequestState.Approved, approvers, "Approved in the developer portal", cancellationToken);

    /// <summary>Denies a request, or takes an approved one back. One that Teleport no longer has needs nothing.</summary>
    public async Task DenyAsync(string id, string? reason, CancellationToken cancellationToken)
    {
        try
        {
            await SetStateAsync(id, RequestState.Denied, "", reason ?? "Ended in the developer portal", cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            // It is over in Teleport as well.
        }
    }

    /// <summary>Access requests as they change in Teleport, beginning with one empty answer once it listens.</summary>
    public async IAsyncEnumerable<(string Id, RequestState? State)?> WatchAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireConfigured();
        using var call = _client.WatchEvents(new Watch { Kinds = { new WatchKind { Kind = "access_request" } } }, cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (change.Type)
            {
                case Operation.Init:
                    yield return null;
                    break;
                case Operation.Put when change.AccessRequest is { } request:
                    yield return (request.Metadata.Name, request.Spec.State);
                    break;
                case Operation.Delete when change.ResourceHeader is { } header:
                    yield return (header.Metadata.Name, null);
                    break;
            }
        }
    }

    private async Task SetStateAsync(string id, RequestState state, string delegator, string reason, CancellationToken cancellationToken) =>
        await CallAsync(
            o => _client.SetAccessRequestStateAsync(new RequestStateSetter { Id = id, State = state, Delegator = delegator, Reason = reason }, o),
            cancellationToken);

    private async Task<T> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        RequireConfigured();
        using var running = call(new CallOptions(deadline: (time.GetUtcNow() + options.CurrentValue.Timeout).UtcDateTime, cancellationToken: cancellationToken));
        return await running;
    }

    private void RequireConfigured()
    {
        if (!options.CurrentValue.IsConfigured)
        {
            throw new ServiceUnavailableException("Teleport is not configured: set Teleport:Address and Teleport:IdentityFile");
        }
    }

    private static string Reference(AccessRequest request) => $"[devplatform {request.Id}/{request.Teleport.Generation}]";

    private static TeleportRequest Of(AccessRequestV3 request) =>
        new(request.Metadata.Name, request.Spec.State, request.Spec.MaxDuration?.ToDateTimeOffset());
}
