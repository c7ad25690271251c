using DevPlatform.Access.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

/// <summary>A step in the middle of a template that waits for people.</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class RequestApprovalStepTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task The_task_goes_on_from_the_step_that_waited()
    {
        var (id, approval) = await ParkAsync();
        approval.RequestedBy.UserRef.ShouldBe("user:default/ana");
        approval.Title.ShouldBe("Open the gate");

        await DecideAsync(approval, "approved");
        await _client.WaitForStatusAsync(id, "completed");

        var messages = await _client.GetMessagesAsync(id);
        messages.Count(m => m == "before the gate").ShouldBe(1);
        messages.ShouldContain("Approved by user:default/sam");
        messages.ShouldContain("after: user:default/sam");
        (await _client.GetStepOfAsync(id, "Approved by")).ShouldBe("gate");
        fixture.Platform.Approvals.Count(a => a.SubjectId == id).ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_ends_the_task_and_it_cannot_be_retried()
    {
        var (id, approval) = await ParkAsync();

        await DecideAsync(approval, "denied");
        await _client.WaitForStatusAsync(id, "failed");

        (await _client.GetMessagesAsync(id)).ShouldNotContain(m => m.StartsWith("after:", StringComparison.Ordinal));
        (await _client.PostAsync($"/api/scaffolder/v2/tasks/{id}/retry", null)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Roles_must_be_named() =>
        (await fixture.FailStepAsync("access:request-approval", "{ roles: [], reason: x }")).ShouldContain("at least one realm role");

    [Fact]
    public async Task No_role_is_longer_than_Keycloaks() =>
        (await fixture.FailStepAsync("access:request-approval", $"{{ roles: [{new string('x', 256)}], reason: x }}"))
        .ShouldContain("found \"1 with up to 256 characters\"; allowed: at most 20 realm roles of at most 255 characters");

    private async Task<(string Id, RequestApproval Approval)> ParkAsync()
    {
        var template = fixture.Platform.AddTemplate(
            $$$"""
            metadata: { name: {{{SampleTemplates.UniqueName("gated")}}} }
            spec:
              type: service
              steps:
                - { id: before, action: "debug:log", input: { message: before the gate } }
                - { id: gate, action: "access:request-approval", input: { roles: [security-approver], reason: customer data, title: Open the gate } }
                - { id: after, action: "debug:log", input: { message: "after: ${{ steps.gate.output.approvedBy | first }}" } }
            """);
        var id = await _client.CreateTaskAsync(template, new { });
        await _client.WaitForStatusAsync(id, "awaiting-approval");
        await TaskClient.UntilAsync(() => fixture.Platform.Approvals.Any(a => a.SubjectId == id), "no approval was asked for");
        return (id, fixture.Platform.Approvals.Single(a => a.SubjectId == id));
    }

    private async Task DecideAsync(RequestApproval approval, string decision)
    {
        await using var scope = fixture.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(
            new ApprovalDecided(approval.ApprovalId, approval.SubjectType, approval.SubjectId, decision, ["user:default/sam"], null, DateTimeOffset.UtcNow));
    }
}
