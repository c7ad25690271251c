using DevPlatform.Access.Contracts;
using DevPlatform.Access.Tests.Support;

namespace DevPlatform.Access.Tests.Teleport;

[Collection(AccessCollection.Name)]
public sealed class TeleportOutageTests(AccessPlatform platform)
{
    private readonly HttpClient _developer = platform.Client("developer");

    [Fact]
    public async Task An_approved_request_waits_for_Teleport_and_is_never_lost()
    {
        string id;
        await using (await platform.Teleport.BreakAsync("/proto.AuthService/CreateAccessRequestV2"))
        {
            id = (await _developer.RequestAccessAsync(Calls.Request())).Id();
            var waiting = await _developer.UntilAsync(
                id, r => r.GetProperty("message").GetString()!.StartsWith("Waiting for Teleport", StringComparison.Ordinal), "it says what it waits for");
            waiting.State().ShouldBe("Approved");
        }

        var active = await _developer.UntilAsync(id, "Active");
        active.IsNull("message").ShouldBeTrue();
    }

    [Fact]
    public async Task What_Teleport_created_before_an_error_is_found_again()
    {
        string id;
        await using (await platform.Teleport.BreakAsync("/proto.AuthService/SetAccessRequestState"))
        {
            id = (await _developer.RequestAccessAsync(Calls.Request())).Id();
            await Eventually.TrueAsync(
                async () => (await platform.QueryAsync<int>("select teleport_attempts from access.requests where id = $1", Guid.Parse(id)))[0] >= 2,
                () => "Teleport is told again");
        }

        await _developer.UntilAsync(id, "Active");
        (await TeleportRequests.OfAsync(platform, "developer")).Count(r => r.Reason.Contains(id, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_is_denied_in_Teleport_ends_here_and_its_credential_with_it()
    {
        var active = await _developer.GetAccessAsync();
        await _developer.PostAsync($"requests/{active.Id()}/credentials");

        await TeleportRequests.DenyAsync(platform, active.GetProperty("teleport").GetProperty("requestId").GetString()!);

        (await _developer.UntilAsync(active.Id(), "Revoked")).GetProperty("message").GetString().ShouldBe("Denied in Teleport");
        await _developer.UntilAsync(active.Id(), r => !r.GetProperty("credential").IsNull("revokedAt"), "the lease is revoked");
    }

    [Fact]
    public async Task Access_that_is_revoked_here_is_denied_in_Teleport()
    {
        var active = await _developer.GetAccessAsync();
        await _developer.PostAsync($"requests/{active.Id()}/revoke");

        await Eventually.TrueAsync(
            async () => (await TeleportRequests.OfAsync(platform, "developer")).Single(r => r.Reason.Contains(active.Id(), StringComparison.Ordinal)).State == "Denied",
            () => "Teleport knows");
    }

    [Fact]
    public async Task Two_replicas_expire_an_access_once()
    {
        await using var replica = await platform.StartReplicaAsync();
        var id = (await _developer.GetAccessAsync("PT3S")).Id();

        await _developer.UntilAsync(id, "Expired");

        await Eventually.TrueAsync(async () => await ExpiredAsync(id) > 0, () => "the end is in the audit trail");
        // Whatever else the replicas were going to do about it has been done by the time another access has come and gone.
        await _developer.UntilAsync((await _developer.GetAccessAsync("PT3S")).Id(), "Expired");
        (await ExpiredAsync(id)).ShouldBe(1);
        PublishedEventsHandler.Of<AccessEnded>().Count(e => e.RequestId.ToString() == id).ShouldBe(1);
        await replica.StopAsync();
    }

    private async Task<long> ExpiredAsync(string id) =>
        (await platform.QueryAsync<long>("select count(*) from identity.audit_events where resource = $1 and action = 'access.request.expire'", $"access-request:{id}"))[0];
}
