using System.Net;
using System.Net.Http.Json;
using DevPlatform.Access.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

[Collection(ScaffolderCollection.Name)]
public sealed class ApprovalTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task A_production_database_waits_for_a_dba_and_then_names_the_approver_in_its_commit()
    {
        var (id, name, approval) = await ParkAsync();

        approval.ApproverRoles.ShouldBe(["dba-approver"]);
        approval.RequestedBy.UserRef.ShouldBe("user:default/ana");
        approval.ResourceRef.ShouldBe($"resource:default/{name}");
        approval.Environment.ShouldBe("production");
        fixture.Git.Commits().ShouldNotContain(c => c.Message.Contains(id));

        await DecideAsync(approval, "approved", "user:default/dora", "fine");
        await _client.WaitForStatusAsync(id, "completed");

        fixture.Git.Commits().Single(c => c.Message.Contains(id)).Message.ShouldContain("Approved-by: user:default/dora\n");
        (await _client.GetMessagesAsync(id)).ShouldContain("Approved by user:default/dora: fine");
        var first = (await _client.GetTaskAsync(id))["spec"]!["steps"]![0]!["id"]!.ToString();
        (await _client.GetStepOfAsync(id, "; waiting")).ShouldBe(first);
        (await _client.GetStepOfAsync(id, "Approved by")).ShouldBe(first);
    }

    [Fact]
    public async Task A_parked_task_survives_a_restart_and_a_decision_that_comes_twice()
    {
        var (id, _, approval) = await ParkAsync();
        await using (var other = await fixture.StartHostAsync())
        {
            (await other.Client().GetTaskAsync(id))["status"]!.ToString().ShouldBe("awaiting-approval");
        }

        await DecideAsync(approval, "approved", "user:default/dora", null);
        await DecideAsync(approval, "denied", "user:default/dan", "too late");
        await DecideAsync(approval, "approved", "user:default/dora", null);

        await _client.WaitForStatusAsync(id, "completed");
        fixture.Git.Commits().Count(c => c.Message.Contains(id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("denied", "too big", "The request was denied by user:default/dora: too big")]
    [InlineData("expired", null, "The request was not decided in time")]
    public async Task A_refused_task_fails_with_the_reason_and_cannot_be_retried(string decision, string? comment, string message)
    {
        var (id, name, approval) = await ParkAsync();

        await DecideAsync(approval, decision, "user:default/dora", comment);

        await _client.WaitForStatusAsync(id, "failed");
        (await _client.GetCompletionAsync(id))["error"]!["message"]!.ToString().ShouldBe(message);
        using var retry = await _client.PostAsJsonAsync($"/api/scaffolder/v2/tasks/{id}/retry", new { });
        retry.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await _client.CreateTaskAsync("production-database", new { name, environment = "prod", owner = "team-orders" })).ShouldNotBe(id, "the name is free again");
    }

    [Fact]
    public async Task Cancelling_a_parked_task_withdraws_the_request()
    {
        var (id, _, approval) = await ParkAsync();

        await _client.PostAsync($"/api/scaffolder/v2/tasks/{id}/cancel", null);

        (await _client.GetTaskAsync(id))["status"]!.ToString().ShouldBe("cancelled");
        await TaskClient.UntilAsync(() => fixture.Platform.CancelledApprovals.Any(c => c.ApprovalId == approval.ApprovalId), "the approval was not withdrawn");
        await DecideAsync(approval, "approved", "user:default/dora", null);
        (await _client.GetTaskAsync(id))["status"]!.ToString().ShouldBe("cancelled");
    }

    private async Task<(string Id, string Name, RequestApproval Approval)> ParkAsync()
    {
        var template = fixture.Platform.AddTemplate(SampleTemplates.Database("production-database"));
        var name = SampleTemplates.UniqueName("prod");
        var id = await _client.CreateTaskAsync(template, new { name, environment = "prod", owner = SampleTemplates.UniqueName("team") });
        (await _client.GetTaskAsync(id))["status"]!.ToString().ShouldBe("awaiting-approval");
        await TaskClient.UntilAsync(() => fixture.Platform.Approvals.Any(a => a.SubjectId == id), "no approval was asked for");
        return (id, name, fixture.Platform.Approvals.Single(a => a.SubjectId == id));
    }

    private async Task DecideAsync(RequestApproval approval, string decision, string by, string? comment)
    {
        await using var scope = fixture.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(new ApprovalDecided(
            approval.ApprovalId, approval.SubjectType, approval.SubjectId, decision, decision == "expired" ? [] : [by], comment, DateTimeOffset.UtcNow));
    }
}
