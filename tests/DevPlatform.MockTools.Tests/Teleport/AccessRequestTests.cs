using System.Net.Http.Json;
using DevPlatform.Access.Teleport.Protos;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DevPlatform.MockTools.Tests.Teleport;

[Collection("teleport")]
public sealed class AccessRequestTests(TeleportFixture teleport)
{
    [Fact]
    public async Task The_portal_creates_a_request_for_a_user_and_resolves_it()
    {
        var until = DateTimeOffset.UtcNow.AddHours(2);

        var created = await CreateAsync("ana", until);

        created.Kind.ShouldBe("access_request");
        Guid.Parse(created.Metadata.Name).ShouldNotBe(Guid.Empty);
        created.Spec.State.ShouldBe(RequestState.Pending);
        created.Spec.Thresholds.ShouldHaveSingleItem().Approve.ShouldBe(1u);
        created.Spec.MaxDuration.ToDateTimeOffset().ShouldBe(until, TimeSpan.FromMilliseconds(1));
        await teleport.Portal.SetAccessRequestStateAsync(new RequestStateSetter
        {
            Id = created.Metadata.Name,
            State = RequestState.Approved,
            Delegator = "bo",
            Reason = "ok"
        });
        var approved = await FindAsync(created.Metadata.Name);
        approved.Spec.State.ShouldBe(RequestState.Approved);
        approved.Spec.ResolveReason.ShouldBe("ok");
        approved.Metadata.Expires.ShouldBe(approved.Spec.Expires);
    }

    [Fact]
    public async Task An_approval_can_be_taken_back_but_a_denial_is_final()
    {
        var id = (await CreateAsync("ana")).Metadata.Name;
        await SetAsync(id, RequestState.Approved);
        await SetAsync(id, RequestState.Denied);

        (await Should.ThrowAsync<RpcException>(() => SetAsync(id, RequestState.Approved))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(() => SetAsync("missing", RequestState.Denied))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Users_create_and_see_only_their_own_requests()
    {
        var ana = await teleport.ClientAsync("ana-own", "requester");
        var mine = await ana.CreateAccessRequestV2Async(New("ana-own"));
        await CreateAsync("somebody-else");

        (await ana.ListAccessRequestsAsync(new ListAccessRequestsRequest())).AccessRequests.ShouldHaveSingleItem()
            .Metadata.Name.ShouldBe(mine.Metadata.Name);
        (await Should.ThrowAsync<RpcException>(async () => await ana.CreateAccessRequestV2Async(New("bo"))))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(async () =>
            await ana.SetAccessRequestStateAsync(new RequestStateSetter { Id = mine.Metadata.Name, State = RequestState.Approved })))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_review_resolves_and_neither_the_requester_nor_the_same_reviewer_twice_may_review()
    {
        var reviewer = await teleport.ClientAsync("bo", "reviewer");
        var id = (await CreateAsync("bo-colleague")).Metadata.Name;
        var own = await reviewer.CreateAccessRequestV2Async(New("bo"));

        var reviewed = await reviewer.SubmitAccessReviewAsync(Review(id, RequestState.Approved));

        reviewed.Spec.State.ShouldBe(RequestState.Approved);
        reviewed.Spec.Reviews.ShouldHaveSingleItem().Author.ShouldBe("bo");
        (await Should.ThrowAsync<RpcException>(async () => await reviewer.SubmitAccessReviewAsync(Review(id, RequestState.Denied))))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Should.ThrowAsync<RpcException>(async () =>
            await reviewer.SubmitAccessReviewAsync(Review(own.Metadata.Name, RequestState.Approved))))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Pages_of_a_list_come_in_order_and_complete()
    {
        var user = $"pages-{Guid.NewGuid():N}";
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await CreateAsync(user)).Metadata.Name);
        }

        var found = new List<string>();
        var ask = new ListAccessRequestsRequest { Filter = new AccessRequestFilter { User = user }, Limit = 2, Sort = AccessRequestSort.Created };
        do
        {
            var page = await teleport.Portal.ListAccessRequestsAsync(ask);
            page.AccessRequests.Count.ShouldBeLessThanOrEqualTo(2);
            found.AddRange(page.AccessRequests.Select(r => r.Metadata.Name));
            ask.StartKey = page.NextKey;
        }
        while (ask.StartKey.Length > 0);

        found.ShouldBe(ids);
        using var stream = teleport.Portal.GetAccessRequestsV2(new AccessRequestFilter { User = user });
        var streamed = 0;
        await foreach (var request in stream.ResponseStream.ReadAllAsync())
        {
            ids.ShouldContain(request.Metadata.Name);
            streamed++;
        }

        streamed.ShouldBe(5);
    }

    [Fact]
    public async Task A_watcher_hears_of_what_happens_to_a_request()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var watch = teleport.Portal.WatchEvents(new Watch { Kinds = { new WatchKind { Kind = "access_request" } } },
            cancellationToken: deadline.Token);
        (await NextAsync(watch, _ => true, deadline.Token)).Type.ShouldBe(Operation.Init);

        var id = (await CreateAsync("watched")).Metadata.Name;
        await SetAsync(id, RequestState.Denied);
        await teleport.Portal.DeleteAccessRequestAsync(new RequestID { Id = id });

        (await NextAsync(watch, e => e.AccessRequest?.Metadata.Name == id, deadline.Token)).AccessRequest.Spec.State.ShouldBe(RequestState.Pending);
        (await NextAsync(watch, e => e.AccessRequest?.Metadata.Name == id, deadline.Token)).AccessRequest.Spec.State.ShouldBe(RequestState.Denied);
        (await NextAsync(watch, e => e.ResourceHeader?.Metadata.Name == id, deadline.Token)).Type.ShouldBe(Operation.Delete);
    }

    [Theory]
    [InlineData("", "database-read", 1)]
    [InlineData("ana", "made-up-role", 1)]
    [InlineData("ana", "database-read", -1)]
    public async Task Requests_that_make_no_sense_are_refused(string user, string role, int hours)
    {
        var request = New(user, DateTimeOffset.UtcNow.AddHours(hours));
        request.Spec.Roles[0] = role;

        (await Should.ThrowAsync<RpcException>(async () => await teleport.Portal.CreateAccessRequestV2Async(request)))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Requests_the_authority_and_the_audit_log_survive_a_restart()
    {
        var id = (await CreateAsync("restart")).Metadata.Name;

        await teleport.RestartAsync();

        (await FindAsync(id)).Spec.User.ShouldBe("restart");
        var events = await teleport.Portal.GetEventsAsync(new GetEventsRequest { EventTypes = { "access_request.create" } });
        events.Items.Select(e => e.AccessRequestCreate.RequestId).ShouldContain(id);
    }

    [Fact]
    public async Task Injected_faults_reach_grpc_clients()
    {
        using var put = await teleport.Http.PutAsJsonAsync("/__faults", new { path = "/proto.AuthService/Ping", status = 503, times = 1 });

        (await Should.ThrowAsync<RpcException>(async () => await teleport.Portal.PingAsync(new PingRequest())))
            .StatusCode.ShouldBe(StatusCode.Unavailable);

        (await teleport.Portal.PingAsync(new PingRequest())).ClusterName.ShouldBe("example");
    }

    private static AccessReviewSubmission Review(string id, RequestState state) =>
        new() { RequestId = id, Review = new AccessReview { ProposedState = state, Reason = "seen" } };

    private static AccessRequestV3 New(string user, DateTimeOffset? until = null) => new()
    {
        Kind = "access_request",
        Version = "v3",
        Spec = new AccessRequestSpecV3
        {
            User = user,
            Roles = { "database-read" },
            RequestReason = "incident 42",
            MaxDuration = (until ?? DateTimeOffset.UtcNow.AddHours(1)).ToTimestamp()
        },
    };

    private async Task<AccessRequestV3> CreateAsync(string user, DateTimeOffset? until = null) =>
        await teleport.Portal.CreateAccessRequestV2Async(New(user, until));

    private async Task SetAsync(string id, RequestState state) =>
        await teleport.Portal.SetAccessRequestStateAsync(new RequestStateSetter { Id = id, State = state });

    private async Task<AccessRequestV3> FindAsync(string id) =>
        (await teleport.Portal.ListAccessRequestsAsync(new ListAccessRequestsRequest { Filter = new AccessRequestFilter { Id = id } }))
            .AccessRequests.ShouldHaveSingleItem();

    private static async Task<Event> NextAsync(AsyncServerStreamingCall<Event> watch, Func<Event, bool> wanted, CancellationToken deadline)
    {
        while (await watch.ResponseStream.MoveNext(deadline))
        {
            if (wanted(watch.ResponseStream.Current))
            {
                return watch.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("the stream ended");
    }
}
