using DevPlatform.Access.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Scaffolder.Tests.Actions;

[Collection(ScaffolderCollection.Name)]
public sealed class RegisterSchemaTests(ScaffolderFixture fixture)
{
    private readonly HttpClient _client = fixture.Host.Client();

    [Fact]
    public async Task A_schema_is_registered_with_its_rule_and_once()
    {
        var id = SampleTemplates.UniqueName("schema");

        for (var i = 0; i < 2; i++)
        {
            var (_, output) = await fixture.RunStepAsync("schema:register", $$"""{ group: team-a, artifactId: {{id}}, type: JSON, content: "one" }""");
            output.ToJsonString().ShouldBe("""{"compatible":true,"violations":[],"version":"1","globalId":7}""");
        }

        fixture.Tools.Schemas[$"team-a/{id}"].Versions.ShouldBe(["one"]);
        fixture.Tools.Schemas[$"team-a/{id}"].Rule.ShouldBe("BACKWARD");
    }

    [Fact]
    public async Task An_incompatible_schema_is_refused_with_the_registrys_reason()
    {
        var id = await RegisteredAsync();

        var error = await fixture.FailStepAsync("schema:register", $$"""{ group: team-a, artifactId: {{id}}, type: AVRO, content: "breaking" }""");
        error.ShouldContain("reader lacks a field (/fields/1)");
        error.ShouldContain("allowed: a compatible schema, or an approved override");
        (await fixture.FailStepAsync("schema:register", $$"""{ group: team-a, artifactId: {{id}}, type: AVRO, content: "breaking", override: true }""")).ShouldContain("an override needs approval");
        (await fixture.FailStepAsync("schema:register", $$"""{ group: team-a, artifactId: {{id}}, type: AVRO, content: "invalid" }""")).ShouldContain("The schema is not valid AVRO: Syntax violation");
        fixture.Tools.Schemas[$"team-a/{id}"].Versions.ShouldBe(["first"]);
    }

    [Fact]
    public async Task An_approved_override_registers_it_and_the_rule_holds_again()
    {
        var id = await RegisteredAsync();
        var (task, approval) = await ParkAsync(id, "sre-approver");
        approval.Reason!.ShouldContain("reader lacks a field");

        await ApproveAsync(approval);
        await _client.WaitForStatusAsync(task, "completed");

        fixture.Tools.Schemas[$"team-a/{id}"].Versions.ShouldBe(["first", "breaking"]);
        fixture.Tools.Schemas[$"team-a/{id}"].Rule.ShouldBe("BACKWARD");
        (await _client.GetMessagesAsync(task)).ShouldContain(m => m.EndsWith("approved by user:default/sam"));
    }

    [Fact]
    public async Task An_approval_of_another_role_is_not_enough()
    {
        var id = await RegisteredAsync();
        var (task, approval) = await ParkAsync(id, "dba-approver");

        await ApproveAsync(approval);
        await _client.WaitForStatusAsync(task, "failed");

        (await _client.GetCompletionAsync(task))["error"]!["message"]!.ToString().ShouldContain("an override needs approval by sre-approver");
        fixture.Tools.Schemas[$"team-a/{id}"].Versions.ShouldBe(["first"]);
    }

    private async Task<(string Task, RequestApproval Approval)> ParkAsync(string id, string role)
    {
        var template = fixture.Platform.AddTemplate(
            $$$"""
            metadata: { name: {{{SampleTemplates.UniqueName("override")}}} }
            spec:
              type: schema
              steps:
                - { id: check, action: "schema:register", input: { group: team-a, artifactId: {{{id}}}, type: AVRO, content: breaking, checkOnly: true, override: true } }
                - { id: ask, if: "${{ not steps.check.output.compatible }}", action: "access:request-approval", input: { roles: [{{{role}}}], reason: "${{ steps.check.output.violations | join }}" } }
                - { id: register, action: "schema:register", input: { group: team-a, artifactId: {{{id}}}, type: AVRO, content: breaking, override: true } }
            """);
        var task = await _client.CreateTaskAsync(template, new { });
        await _client.WaitForStatusAsync(task, "awaiting-approval");
        await TaskClient.UntilAsync(() => fixture.Platform.Approvals.Any(a => a.SubjectId == task), "no approval was asked for");
        return (task, fixture.Platform.Approvals.Single(a => a.SubjectId == task));
    }

    private async Task ApproveAsync(RequestApproval approval)
    {
        await using var scope = fixture.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(
            new ApprovalDecided(approval.ApprovalId, approval.SubjectType, approval.SubjectId, "approved", ["user:default/sam"], null, DateTimeOffset.UtcNow));
    }

    private async Task<string> RegisteredAsync()
    {
        var id = SampleTemplates.UniqueName("schema");
        await fixture.RunStepAsync("schema:register", $$"""{ group: team-a, artifactId: {{id}}, type: AVRO, content: first }""");
        return id;
    }
}
