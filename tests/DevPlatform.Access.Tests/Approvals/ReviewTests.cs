using System.Net;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Tests.Support;
using DevPlatform.Identity.Contracts;

namespace DevPlatform.Access.Tests.Approvals;

[Collection(AccessCollection.Name)]
public sealed class ReviewTests(AccessPlatform platform)
{
    private static readonly object Yes = new { decision = "approve", comment = "As agreed" };
    private readonly HttpClient _developer = platform.Client("developer");
    private readonly HttpClient _dba = platform.Client("dba-approver");

    [Fact]
    public async Task A_production_database_waits_for_a_DBA()
    {
        var pending = await AskAsync();
        var id = pending.Id();
        pending.State().ShouldBe("Pending");
        pending.GetProperty("approval").GetProperty("approvers")[0][0].GetString().ShouldBe("role:dba-approver");
        (await ToReviewAsync(_developer)).ShouldNotContain(id);
        (await ToReviewAsync(_dba)).ShouldContain(id);
        (await _dba.GetJsonAsync($"requests/{id}")).Actions().ShouldBe(["review"]);

        await _dba.PostAsync($"requests/{id}/review", Yes);

        var active = await _developer.UntilAsync(id, "Active");
        active.GetProperty("duration").GetString().ShouldBe("PT30M");
        active.GetProperty("approval").GetProperty("reviews")[0].GetProperty("by").GetProperty("ref").GetString().ShouldBe("user:default/dba-approver");
        (await ToReviewAsync(_dba)).ShouldNotContain(id);
        (await _dba.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/review", Yes)).ShouldContain("is Active");
    }

    [Fact]
    public async Task Nobody_approves_their_own_request_in_any_state()
    {
        var id = (await _dba.RequestAccessAsync(Calls.Request("orders-prod", duration: null))).Id();
        (await _dba.RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/review", Yes)).ShouldContain("own request");
        (await ToReviewAsync(_dba)).ShouldNotContain(id);

        await _dba.PostAsync($"requests/{id}/cancel");
        await _dba.RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/review", Yes);
        var approval = (await _dba.GetJsonAsync($"requests/{id}")).GetProperty("approval").Id();
        await Eventually.TrueAsync(
            async () => (await platform.QueryAsync<long>(
                "select count(*) from identity.audit_events where result = 'denied' and action = 'access.approval.review' and resource = $1", $"approval:{approval}"))[0] == 2,
            () => "both tries are in the audit trail");
    }

    [Fact]
    public async Task The_ceiling_keeps_a_role_from_approving()
    {
        var id = (await AskAsync()).Id();
        var denied = platform.Client("ceiling-denied");

        (await ToReviewAsync(denied)).ShouldNotContain(id);
        await denied.RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/review", Yes);
        (await _developer.GetJsonAsync($"requests/{id}")).State().ShouldBe("Pending");
    }

    [Fact]
    public async Task Other_approvers_are_not_asked()
    {
        var id = (await AskAsync()).Id();

        (await platform.Client("sre-approver").RefusedAsync(HttpStatusCode.Forbidden, $"requests/{id}/review", Yes)).ShouldContain("role:dba-approver");
    }

    [Fact]
    public async Task One_no_denies()
    {
        var id = (await AskAsync()).Id();

        var denied = await _dba.PostAsync($"requests/{id}/review", new { decision = "deny", comment = "Use the replica" });

        denied.State().ShouldBe("Denied");
        denied.GetProperty("message").GetString().ShouldBe("Use the replica");
        (await _dba.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/review", Yes)).ShouldContain("is Denied");
    }

    [Fact]
    public async Task Two_groups_need_two_people()
    {
        var id = (await _developer.RequestAccessAsync(Calls.Request(accessType: "admin", duration: null))).Id();
        var security = platform.Client("security-approver");

        (await security.PostAsync($"requests/{id}/review", Yes)).State().ShouldBe("Pending");
        (await security.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/review", Yes)).ShouldContain("already approved");
        await platform.Client("manager-approver").PostAsync($"requests/{id}/review", Yes);

        await _developer.UntilAsync(id, "Active");
    }

    [Fact]
    public async Task Of_two_reviewers_at_once_one_decides_and_the_other_is_told()
    {
        var second = platform.ClientWithToken(await platform.Keycloak.ForgeAsync(new
        {
            username = "dba-approver",
            claims = new { preferred_username = "second-dba", sub = Guid.NewGuid().ToString() },
        }));
        for (var round = 0; round < 3; round++)
        {
            var id = (await AskAsync()).Id();

            var answers = await Task.WhenAll(
                System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(_dba, $"/api/access/requests/{id}/review", Yes),
                System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(second, $"/api/access/requests/{id}/review", new { decision = "deny" }));

            answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
            var approved = answers[0].IsSuccessStatusCode;
            await _developer.UntilAsync(id, approved ? "Active" : "Denied");
        }
    }

    [Fact]
    public async Task An_answer_after_the_deadline_is_too_late()
    {
        var pending = await AskAsync();
        await platform.QueryAsync<Guid>(
            "update access.approvals set expires_at = now() - interval '1 second' where subject_id = $1 returning id", pending.Id());

        await _dba.RefusedAsync(HttpStatusCode.Conflict, $"requests/{pending.Id()}/review", Yes);

        (await _developer.UntilAsync(pending.Id(), "Expired")).GetProperty("message").GetString().ShouldBe("Nobody decided in time");
        (await _dba.RefusedAsync(HttpStatusCode.Conflict, $"requests/{pending.Id()}/review", Yes)).ShouldContain("Expired");
    }

    [Fact]
    public async Task What_nobody_answers_escalates()
    {
        var pending = await AskAsync();
        await platform.QueryAsync<Guid>(
            "update access.approvals set escalate_at = now() - interval '1 second' where subject_id = $1 returning id", pending.Id());

        await _developer.UntilAsync(pending.Id(), r => !r.GetProperty("approval").IsNull("escalatedAt"), "it escalates");

        await platform.Client("platform-admin").PostAsync($"requests/{pending.Id()}/review", Yes);
        await _developer.UntilAsync(pending.Id(), "Active");
    }

    [Fact]
    public async Task An_extension_waits_for_the_same_approvers()
    {
        var id = (await AskAsync()).Id();
        await _dba.PostAsync($"requests/{id}/review", Yes);
        var end = (await _developer.UntilAsync(id, "Active")).GetProperty("expiresAt").GetDateTimeOffset();

        var asked = await _developer.PostAsync($"requests/{id}/extend", new { duration = "PT15M", justification = "Almost done" });
        asked.GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(end);
        (await _developer.RefusedAsync(HttpStatusCode.Conflict, $"requests/{id}/extend", new { duration = "PT15M", justification = "x" })).ShouldContain("waits for approval");
        var approval = (await _dba.GetJsonAsync("approvals")).GetProperty("items").EnumerateArray().Single(a => a.GetProperty("subjectId").GetString() == id);
        approval.GetProperty("subjectType").GetString().ShouldBe("access.extension");
        await _dba.PostAsync($"approvals/{approval.Id()}/review", Yes);

        (await _developer.GetJsonAsync($"requests/{id}")).GetProperty("expiresAt").GetDateTimeOffset().ShouldBe(end.AddMinutes(15));
    }

    [Fact]
    public async Task Another_modules_approval_is_decided_in_the_same_inbox()
    {
        var approval = NewApproval(["dba-approver"]);
        await platform.SendAsync(approval);
        await platform.SendAsync(approval);

        var shown = (await _dba.GetJsonAsync("approvals")).GetProperty("items").EnumerateArray().Single(a => a.GetProperty("subjectId").GetString() == approval.SubjectId);
        shown.Id().ShouldBe(approval.ApprovalId.ToString());
        (await _developer.RefusedAsync(HttpStatusCode.Forbidden, $"approvals/{shown.Id()}/review", Yes)).ShouldNotBeEmpty();
        (await _dba.RefusedAsync(HttpStatusCode.BadRequest, $"approvals/{shown.Id()}/review", new { decision = "maybe" }))
            .ShouldBe("\"decision\" is not valid: found \"maybe\"; allowed: approve, deny");
        (await _dba.PostAsync($"approvals/{shown.Id()}/review", Yes)).State().ShouldBe("Approved");

        ApprovalDecided? decided = null;
        await Eventually.TrueAsync(
            () => Task.FromResult((decided = PublishedEventsHandler.Of<ApprovalDecided>().SingleOrDefault(d => d.ApprovalId == approval.ApprovalId)) is not null),
            () => "ApprovalDecided is published");
        decided!.Decision.ShouldBe("approved");
        decided.SubjectId.ShouldBe(approval.SubjectId);
        decided.DecidedBy.ShouldBe(["user:default/dba-approver"]);
        decided.Comment.ShouldBe("As agreed");
    }

    [Fact]
    public async Task A_cancelled_approval_leaves_the_inbox()
    {
        var approval = NewApproval(["dba-approver"]);
        await platform.SendAsync(approval);

        await platform.SendAsync(new CancelApproval(approval.ApprovalId, "The task was cancelled"));

        await _dba.RefusedAsync(HttpStatusCode.Conflict, $"approvals/{approval.ApprovalId}/review", Yes);
    }

    private static RequestApproval NewApproval(string[] roles) => new(
        Guid.NewGuid(), "scaffolder.task", Guid.NewGuid().ToString(), "A production database", "Needed for launch", new Actor("user:default/developer"), roles,
        "resource:default/new", "production");

    private Task<System.Text.Json.JsonElement> AskAsync() => _developer.RequestAccessAsync(Calls.Request("orders-prod", duration: null));

    private static async Task<string[]> ToReviewAsync(HttpClient client) =>
        [.. (await client.GetJsonAsync("requests?view=toReview&limit=100")).GetProperty("items").EnumerateArray().Select(r => r.Id())];
}
