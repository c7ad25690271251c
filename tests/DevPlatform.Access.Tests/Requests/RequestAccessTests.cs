using System.Net;
using System.Net.Http.Json;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Tests.Support;

namespace DevPlatform.Access.Tests.Requests;

[Collection(AccessCollection.Name)]
public sealed class RequestAccessTests(AccessPlatform platform)
{
    private readonly HttpClient _developer = platform.Client("developer");

    [Fact]
    public async Task Gives_access_to_a_development_database_by_policy()
    {
        var created = await _developer.RequestAccessAsync(Calls.Request());

        created.State().ShouldBeOneOf("Approved", "Active");
        created.IsNull("approval").ShouldBeTrue();
        var active = await _developer.UntilAsync(created.Id(), "Active");
        var begun = active.GetProperty("activatedAt").GetDateTimeOffset();
        (active.GetProperty("expiresAt").GetDateTimeOffset() - begun).ShouldBeInRange(TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        active.GetProperty("teleport").GetProperty("requestUrl").GetString().ShouldStartWith("https://teleport.example/web/requests/");
        active.GetProperty("teleport").GetProperty("recordingsUrl").GetString().ShouldBe("https://teleport.example/web/cluster/example/recordings");
        active.Actions().ShouldBe(["credentials", "extend", "revoke"]);
        await Eventually.TrueAsync(
            () => Task.FromResult(PublishedEventsHandler.Of<AccessGranted>().Any(g => g.RequestId.ToString() == created.Id())), () => "AccessGranted is published");
    }

    [Fact]
    public async Task Records_every_step_in_the_audit_trail()
    {
        var id = (await _developer.GetAccessAsync()).Id();
        await _developer.PostAsync($"requests/{id}/revoke", new { reason = "done" });

        List<string> actions = [];
        await Eventually.TrueAsync(
            async () => (actions = await platform.QueryAsync<string>(
                "select action || ' by ' || actor_ref from identity.audit_events where resource = $1 order by occurred_at", $"access-request:{id}")).Count == 4,
            () => string.Join(", ", actions));
        actions.ShouldBe(
        [
            "access.request.create by user:default/developer", "access.request.approve by user:default/devplatform",
            "access.request.grant by user:default/devplatform", "access.request.revoke by user:default/developer",
        ]);
    }

    [Theory]
    [InlineData("""{"accessType":"read","justification":"x"}""", "\"resource\"")]
    [InlineData("""{"resource":"resource:","accessType":"read","justification":"x"}""", "\"resource\" is not valid: found \"resource:\"")]
    [InlineData("""{"resource":"orders","accessType":"root","justification":"x"}""", "\"accessType\" is not valid: found \"root\"; allowed: read, write, admin")]
    [InlineData("""{"resource":"orders","accessType":"read"}""", "\"justification\" is not valid: found nothing")]
    [InlineData("""{"resource":"orders","accessType":"read","justification":"x","duration":"9h"}""", "\"duration\" is not valid: found \"9h\"; allowed: an ISO 8601 duration from PT1S to PT8H")]
    [InlineData("""{"resource":"orders","accessType":"read","justification":"x","urgency":"very"}""", "\"urgency\" is not valid: found \"very\"; allowed: normal, urgent")]
    [InlineData("""{"resource":"orders","accessType":"read","justification":"x","startAt":"2001-01-01T00:00:00Z"}""", "\"startAt\" is not valid")]
    [InlineData("""{"resource":"orders","accessType":"read","justification":"x","target":"ssh"}""", "\"target\" is not valid: found \"ssh\"; allowed: database")]
    [InlineData("""{"resource":"jobs","accessType":"read","justification":"x"}""", "resource:default/jobs of type queue")]
    public async Task Says_which_field_is_wrong_and_what_is_allowed(string body, string message)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await _developer.PostAsync("/api/access/requests", content);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task Does_not_know_an_entity_that_the_catalog_lacks() =>
        (await _developer.RefusedAsync(HttpStatusCode.NotFound, "requests", Calls.Request("resource:default/nothing"))).ShouldContain("resource:default/nothing");

    [Fact]
    public async Task Does_not_believe_an_entity_from_anybodys_repository() =>
        (await _developer.RefusedAsync(HttpStatusCode.Forbidden, "requests", Calls.Request("resource:default/mine"))).ShouldContain(Entities.TrustedSource);

    [Fact]
    public async Task The_ceiling_keeps_a_role_from_asking() =>
        (await platform.Client("ceiling-denied").RefusedAsync(HttpStatusCode.Forbidden, "requests", Calls.Request())).ShouldContain("access.request.create");

    [Fact]
    public async Task What_was_missed_while_nobody_ran_is_ended_at_once()
    {
        var id = (await _developer.GetAccessAsync()).Id();
        await platform.QueryAsync<Guid>("update access.requests set expires_at = now() - interval '1 hour' where id = $1 returning id", Guid.Parse(id));

        await _developer.UntilAsync(id, "Expired");
    }

    [Fact]
    public async Task Begins_at_the_time_that_was_asked_for()
    {
        var start = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var created = await _developer.RequestAccessAsync(new { resource = "orders", accessType = "read", justification = "At night", startAt = start });
        created.State().ShouldBe("Approved");

        var active = await _developer.UntilAsync(created.Id(), "Active");

        active.GetProperty("activatedAt").GetDateTimeOffset().ShouldBeInRange(start, start.AddSeconds(8));
    }

    [Fact]
    public async Task Lets_the_requester_withdraw_what_is_pending_and_nobody_else()
    {
        var id = (await _developer.RequestAccessAsync(Calls.Request("orders-prod", duration: null))).Id();

        await platform.Client("dba-approver").RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/cancel");
        (await _developer.PostAsync($"requests/{id}/cancel", new { reason = "Not needed" })).State().ShouldBe("Cancelled");

        (await _developer.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/cancel")).ShouldContain("is Cancelled");
        (await platform.Client("dba-approver").RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/review", new { decision = "approve" })).ShouldContain("is Cancelled");
    }

    [Fact]
    public async Task Lets_security_end_others_access_and_other_developers_not()
    {
        var id = (await _developer.GetAccessAsync()).Id();

        await platform.Client("team-lead").RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/revoke");
        var security = platform.Client("security-approver");
        (await security.GetJsonAsync($"requests/{id}")).Actions().ShouldBe(["revoke"]);
        (await security.PostAsync($"requests/{id}/revoke", new { reason = "Incident" })).State().ShouldBe("Revoked");

        (await security.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/revoke")).ShouldContain("is Revoked");
        await Eventually.TrueAsync(
            () => Task.FromResult(PublishedEventsHandler.Of<AccessEnded>().Any(e => e.RequestId.ToString() == id && e.Cause == "revoked")), () => "AccessEnded is published");
    }

    [Fact]
    public async Task Extends_access_up_to_the_policys_maximum()
    {
        var active = await _developer.GetAccessAsync("7h");
        var id = active.Id();

        var extended = await _developer.PostAsync($"requests/{id}/extend", new { duration = "30m", justification = "Not finished" });

        extended.GetProperty("duration").GetString().ShouldBe("PT7H30M");
        (extended.GetProperty("expiresAt").GetDateTimeOffset() - active.GetProperty("expiresAt").GetDateTimeOffset()).ShouldBe(TimeSpan.FromMinutes(30));
        (await _developer.RefusedAsync(HttpStatusCode.BadRequest, $"requests/{id}/extend", new { duration = "31m", justification = "x" }))
            .ShouldContain("from PT1S to PT30M");
        await _developer.PostAsync($"requests/{id}/revoke");
        (await _developer.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/extend", new { duration = "1m", justification = "x" })).ShouldContain("is Revoked");
    }

    [Fact]
    public async Task Lists_ones_own_page_by_page_and_shows_others_nothing()
    {
        var manager = platform.Client("manager-approver");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await manager.RequestAccessAsync(Calls.Request())).Id());
        }

        var first = await manager.GetJsonAsync("requests?resource=orders&limit=2");
        var second = await manager.GetJsonAsync($"requests?resource=orders&limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(r => r.Id()).ShouldBe(ids.AsEnumerable().Reverse());
        second.IsNull("nextCursor").ShouldBeTrue();
        (await _developer.GetAsync($"/api/access/requests/{ids[0]}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _developer.GetJsonAsync("requests?view=all&limit=100")).GetProperty("items").EnumerateArray().Select(r => r.Id()).ShouldNotContain(ids[0]);
        (await _developer.GetAsync("/api/access/requests?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await platform.Client().GetAsync("/api/access/requests")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Lists_those_in_the_given_states_page_by_page()
    {
        var requester = platform.ClientWithToken(await platform.Keycloak.ForgeAsync(
            new { username = "developer", claims = new { preferred_username = "states-requester", sub = Guid.NewGuid().ToString() } }));
        var active = (await requester.GetAccessAsync()).Id();
        var ended = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ended.Insert(0, (await requester.RequestAccessAsync(Calls.Request("orders-prod", duration: null))).Id());
            await requester.PostAsync($"requests/{ended[0]}/cancel");
        }

        var revoked = (await requester.GetAccessAsync()).Id();
        await requester.PostAsync($"requests/{revoked}/revoke");

        var first = await requester.GetJsonAsync("requests?state=Cancelled&state=revoked&state=Expired&state=Denied&limit=2");
        var second = await requester.GetJsonAsync(
            $"requests?state=Cancelled&state=revoked&state=Expired&state=Denied&limit=2&cursor={first.GetProperty("nextCursor").GetString()}");

        Ids(first).Concat(Ids(second)).ShouldBe([revoked, .. ended]);
        second.IsNull("nextCursor").ShouldBeTrue();
        Ids(await requester.GetJsonAsync("requests?state=Active")).ShouldBe([active]);
        Ids(await requester.GetJsonAsync("requests?state=Pending&state=Approved")).ShouldBeEmpty();

        static IEnumerable<string> Ids(System.Text.Json.JsonElement page) => page.GetProperty("items").EnumerateArray().Select(r => r.Id());
    }

    [Theory]
    [InlineData("requests?state=Active&state=Done", "Done", "Pending, Approved, Active, Expired, Revoked, Denied, Cancelled")]
    [InlineData("requests?state=", "\"state\"", "Pending, Approved")]
    [InlineData("approvals?state=Pending&state=Active", "Active", "Pending, Approved, Denied, Expired, Cancelled")]
    public async Task Refuses_states_that_there_are_not(string query, string found, string allowed)
    {
        var answer = await _developer.GetAsync($"/api/access/{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("state");
        System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain(found);
        text.ShouldContain(allowed);
    }
}
