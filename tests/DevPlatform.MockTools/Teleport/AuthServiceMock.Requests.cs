using DevPlatform.Access.Teleport.Protos;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Metadata = DevPlatform.Access.Teleport.Protos.Metadata;
using Status = Grpc.Core.Status;

namespace DevPlatform.MockTools.Teleport;

/// <summary>The access-request calls of <c>proto.AuthService</c>, with Teleport's rules and gRPC codes.</summary>
internal sealed partial class AuthServiceMock
{
    private static readonly TimeSpan PendingLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestAccess = TimeSpan.FromDays(14);

    public override Task<AccessRequestV3> CreateAccessRequestV2(AccessRequestV3 request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var spec = request.Spec ?? throw BadParameter("access request has no spec");
        if (spec.User != caller.User && !roles.May(caller, "create", "access_request"))
        {
            throw Denied($"user \"{caller.User}\" cannot create an access request for user \"{spec.User}\"");
        }

        if (caller.AccessRequests.Length > 0 && spec.User == caller.User)
        {
            throw Denied("access requests cannot be created while using one");
        }

        var created = Prepare(request, spec);
        return Task.FromResult(spec.DryRun ? created : store.Add(created, AuditOf(created, "access_request.create", "T5000I", caller)));
    }

    public override Task<ListAccessRequestsResponse> ListAccessRequests(ListAccessRequestsRequest request, ServerCallContext context)
    {
        var visible = Visible(Caller.Of(context), request.Filter ?? new AccessRequestFilter());
        var sorted = request.Sort switch
        {
            AccessRequestSort.State => visible.OrderBy(r => r.Spec.State).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal),
            AccessRequestSort.User => visible.OrderBy(r => r.Spec.User, StringComparer.Ordinal).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal),
            AccessRequestSort.Created => visible.OrderBy(r => r.Spec.Created).ThenBy(r => r.Metadata.Name, StringComparer.Ordinal),
            _ => visible.OrderBy(r => r.Metadata.Name, StringComparer.Ordinal),
        };
        var all = request.Descending ? sorted.Reverse() : sorted;
        var limit = request.Limit is > 0 and <= 1000 ? request.Limit : 1000;
        var page = (request.StartKey.Length == 0 ? all : all.SkipWhile(r => r.Metadata.Name != request.StartKey)).Take(limit + 1).ToArray();
        var next = page.Length > limit ? page[limit].Metadata.Name : "";
        return Task.FromResult(new ListAccessRequestsResponse { AccessRequests = { page.Take(limit) }, NextKey = next });
    }

    public override async Task GetAccessRequestsV2(AccessRequestFilter request, IServerStreamWriter<AccessRequestV3> responseStream,
        ServerCallContext context)
    {
        foreach (var found in Visible(Caller.Of(context), request))
        {
            await responseStream.WriteAsync(found, context.CancellationToken);
        }
    }

    public override Task<Empty> SetAccessRequestState(RequestStateSetter request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!roles.May(caller, "update", "access_request") || caller.AccessRequests.Length > 0)
        {
            throw Denied("access denied");
        }

        if (request.State is RequestState.None or RequestState.Pending)
        {
            throw BadParameter($"cannot set request state to {request.State.ToString().ToUpperInvariant()}");
        }

        _ = store.Change(request.Id, current =>
        {
            if (current.Spec.User == caller.User)
            {
                throw Denied("access denied: own requests cannot be resolved");
            }

            Resolve(current, request.State, request.Reason);
            current.Spec.ResolveAnnotations = request.Annotations;
            current.Spec.AssumeStartTime = request.AssumeStartTime ?? current.Spec.AssumeStartTime;
            if (request.Roles.Except(current.Spec.Roles).FirstOrDefault() is { } extra)
            {
                throw BadParameter($"role override \"{extra}\" is not among the requested roles");
            }

            if (request.Roles.Count > 0)
            {
                current.Spec.Roles.Clear();
                current.Spec.Roles.Add(request.Roles);
            }
        }, changed =>
        {
            var audit = AuditOf(changed, "access_request.update", "T5001I", caller);
            audit.AccessRequestCreate.Delegator = request.Delegator;
            audit.AccessRequestCreate.Reason = request.Reason;
            return audit;
        }) ?? throw NotFound(request.Id);
        return Task.FromResult(new Empty());
    }

    public override Task<AccessRequestV3> SubmitAccessReview(AccessReviewSubmission request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var review = request.Review ?? throw BadParameter("missing review");
        if (review.ProposedState is not (RequestState.Approved or RequestState.Denied))
        {
            throw BadParameter("access reviews must propose a state of APPROVED or DENIED");
        }

        return Task.FromResult(store.Change(request.RequestId, current =>
        {
            if (current.Spec.User == caller.User || !roles.MayReview(caller, current.Spec.Roles))
            {
                throw Denied($"user \"{caller.User}\" cannot review this request");
            }

            if (current.Spec.State != RequestState.Pending)
            {
                throw Denied("the access request has been already resolved");
            }

            if (current.Spec.Reviews.Any(r => r.Author == caller.User))
            {
                throw new RpcException(new Status(StatusCode.AlreadyExists, $"user \"{caller.User}\" has already reviewed this request"));
            }

            current.Spec.Reviews.Add(new AccessReview(review)
            {
                Author = caller.User,
                Created = time.GetUtcNow().ToTimestamp(),
                ThresholdIndexes = { 0 }
            });
            Decide(current, review.Reason);
        }, changed =>
        {
            var audit = AuditOf(changed, "access_request.review", "T5002I", caller);
            audit.AccessRequestCreate.Reviewer = caller.User;
            audit.AccessRequestCreate.ProposedState = review.ProposedState.ToString().ToUpperInvariant();
            return audit;
        }) ?? throw NotFound(request.RequestId));
    }

    public override Task<Empty> DeleteAccessRequest(RequestID request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!roles.May(caller, "delete", "access_request"))
        {
            throw Denied("access denied");
        }

        var audit = new OneOf
        {
            AccessRequestDelete = new AccessRequestDelete
            {
                Metadata = store.NewEvent("access_request.delete", "T5003I"),
                User = new UserMetadata { User = caller.User },
                RequestId = request.Id,
            },
        };
        return store.Remove(request.Id, audit) ? Task.FromResult(new Empty()) : throw NotFound(request.Id);
    }

    /// <summary>What the server fills in: name, state, times and thresholds.</summary>
    private AccessRequestV3 Prepare(AccessRequestV3 request, AccessRequestSpecV3 spec)
    {
        var now = time.GetUtcNow();
        if (spec.User.Length == 0 || (spec.Roles.Count == 0 && spec.RequestedResourceIds.Count == 0))
        {
            throw BadParameter("access request needs a user, and at least one role or resource");
        }

        if (spec.State is not (RequestState.None or RequestState.Pending))
        {
            throw BadParameter("cannot create access request in non-pending state");
        }

        if (spec.Roles.FirstOrDefault(r => !roles.Exists(r)) is { } unknown)
        {
            throw BadParameter($"user \"{spec.User}\" can not request role \"{unknown}\"");
        }

        var until = spec.MaxDuration?.ToDateTimeOffset() ?? spec.SessionTtl?.ToDateTimeOffset() ?? now.AddHours(12);
        if (until <= now)
        {
            throw BadParameter($"invalid request TTL: max duration {until:O} is in the past");
        }

        var prepared = request.Clone();
        (prepared.Kind, prepared.Version) = ("access_request", "v3");
        until = until > now + LongestAccess ? now + LongestAccess : until;
        prepared.Metadata ??= new Metadata();
        prepared.Metadata.Name = spec.DryRun ? "" : Guid.NewGuid().ToString();
        prepared.Metadata.Namespace = "default";
        prepared.Metadata.Expires = (now + PendingLife).ToTimestamp();
        prepared.Spec.State = RequestState.Pending;
        prepared.Spec.Created = now.ToTimestamp();
        prepared.Spec.Expires = until.ToTimestamp();
        prepared.Spec.MaxDuration = until.ToTimestamp();
        prepared.Spec.SessionTtl ??= until.ToTimestamp();
        prepared.Spec.Thresholds.Clear();
        prepared.Spec.Thresholds.Add(new AccessReviewThreshold { Name = "default", Approve = 1, Deny = 1 });
        prepared.Spec.RoleThresholdMapping.Clear();
        foreach (var role in prepared.Spec.Roles)
        {
            prepared.Spec.RoleThresholdMapping[role] = new ThresholdIndexSets { Sets = { new ThresholdIndexSet { Indexes = { 0 } } } };
        }

        return prepared;
    }

    /// <summary>One denial or the threshold's number of approvals resolves the request.</summary>
    private static void Decide(AccessRequestV3 request, string reason)
    {
        var threshold = request.Spec.Thresholds[0];
        if (request.Spec.Reviews.Count(r => r.ProposedState == RequestState.Denied) >= threshold.Deny)
        {
            Resolve(request, RequestState.Denied, reason);
        }
        else if (request.Spec.Reviews.Count(r => r.ProposedState == RequestState.Approved) >= threshold.Approve)
        {
            Resolve(request, RequestState.Approved, reason);
        }
    }

    /// <summary>A denial is final; an approval may still be taken back.</summary>
    private static void Resolve(AccessRequestV3 request, RequestState state, string reason)
    {
        if (request.Spec.State == RequestState.Denied && state != RequestState.Denied)
        {
            throw BadParameter($"cannot set request-state \"{state.ToString().ToUpperInvariant()}\" (already denied)");
        }

        request.Spec.State = state;
        request.Spec.ResolveReason = reason;
        if (state == RequestState.Approved)
        {
            request.Metadata.Expires = request.Spec.Expires;
        }
    }

    private IEnumerable<AccessRequestV3> Visible(Caller caller, AccessRequestFilter filter)
    {
        var all = roles.May(caller, "list", "access_request") && roles.May(caller, "read", "access_request");
        return store.Requests().Where(r => all || r.Spec.User == caller.User || roles.MayReview(caller, r.Spec.Roles))
            .Where(r => Matches(r, filter, caller));
    }

    private bool Matches(AccessRequestV3 request, AccessRequestFilter filter, Caller caller) =>
        (filter.Id.Length == 0 || request.Metadata.Name == filter.Id)
        && (filter.User.Length == 0 || request.Spec.User == filter.User)
        && (filter.Requester.Length == 0 || request.Spec.User == filter.Requester)
        && (filter.State == RequestState.None || request.Spec.State == filter.State)
        && filter.SearchKeywords.All(k => string.Join(' ', [request.Spec.User, .. request.Spec.Roles, request.Spec.RequestReason])
            .Contains(k, StringComparison.OrdinalIgnoreCase))
        && filter.Scope switch
        {
            AccessRequestScope.MyRequests => request.Spec.User == caller.User,
            AccessRequestScope.NeedsReview => request.Spec.User != caller.User && request.Spec.State == RequestState.Pending
                && request.Spec.Reviews.All(r => r.Author != caller.User) && roles.MayReview(caller, request.Spec.Roles),
            AccessRequestScope.Reviewed => request.Spec.Reviews.Any(r => r.Author == caller.User),
            _ => true,
        };

    private OneOf AuditOf(AccessRequestV3 request, string type, string code, Caller caller) => new()
    {
        AccessRequestCreate = new AccessRequestCreate
        {
            Metadata = store.NewEvent(type, code),
            User = new UserMetadata { User = caller.User },
            Roles = { request.Spec.Roles },
            RequestId = request.Metadata.Name,
            RequestState = request.Spec.State.ToString().ToUpperInvariant(),
            Reason = request.Spec.RequestReason,
        },
    };
}
