using DevPlatform.Access.Contracts;
using DevPlatform.Scaffolder.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Wolverine;

namespace DevPlatform.Scaffolder.Tests.Guardrails;

/// <summary>What a task would open to others is approved before it is published, though its template does not ask (RFC §6.7.2).</summary>
[Collection(ScaffolderCollection.Name)]
public sealed class ExposureTests(ScaffolderFixture fixture)
{
    private const string Ingress = "{ kind: Ingress, metadata: { name: x } }";
    private const string Policy = "{ kind: NetworkPolicy, spec: { ingress: [{ from: [{ namespaceSelector: {} }] }] } }";
    private readonly HttpClient _client = fixture.Host.Client();

    [Theory]
    [InlineData(Ingress, "security-approver", "out.yaml has a Ingress that is reachable from outside")]
    [InlineData(Policy, "platform-admin", "out.yaml has a NetworkPolicy that opens it to other namespaces")]
    public async Task It_waits_for_approval_and_is_published_then(string manifest, string role, string reason)
    {
        var (id, approval) = await ParkAsync(manifest);
        approval.ApproverRoles.ShouldBe([role]);
        approval.RequestedBy.UserRef.ShouldBe("user:default/ana");
        (approval.Reason ?? "").ShouldContain(reason);
        fixture.Git.Commits().ShouldNotContain(c => c.Message.Contains(id));

        await DecideAsync(approval, "approved");
        await _client.WaitForStatusAsync(id, "completed");

        fixture.Git.Commits().Single(c => c.Message.Contains(id)).Message.ShouldContain("Approved-by: user:default/sam\n");
        fixture.Platform.Approvals.Count(a => a.SubjectId == id).ShouldBe(1);
    }

    [Fact]
    public async Task Refused_it_is_not_published()
    {
        var (id, approval) = await ParkAsync(Ingress);

        await DecideAsync(approval, "denied");
        await _client.WaitForStatusAsync(id, "failed");

        fixture.Git.Commits().ShouldNotContain(c => c.Message.Contains(id));
    }

    [Fact]
    public async Task A_dry_run_says_that_it_would_wait()
    {
        var run = await _client.DryRunAsync(Template(Ingress));

        run.Log().ShouldContain(m => m.StartsWith("Would wait: out.yaml has a Ingress", StringComparison.Ordinal));
    }

    private async Task<(string Id, RequestApproval Approval)> ParkAsync(string manifest)
    {
        var id = await _client.CreateTaskAsync(fixture.Platform.AddTemplate(Template(manifest)), new { });
        await _client.WaitForStatusAsync(id, "awaiting-approval");
        await TaskClient.UntilAsync(() => fixture.Platform.Approvals.Any(a => a.SubjectId == id), "no approval was asked for");
        return (id, fixture.Platform.Approvals.Single(a => a.SubjectId == id));
    }

    private static string Template(string manifest)
    {
        var name = SampleTemplates.UniqueName("exposing");
        return $$"""
            metadata: { name: {{name}} }
            spec:
              type: service
              steps:
                - { id: fetch, action: "catalog:write", input: { filePath: out.yaml, entity: {{manifest}} } }
                - { id: commit, action: "gitops:commit", input: { targetPath: apps/{{name}}, message: Expose } }
            """;
    }

    private async Task DecideAsync(RequestApproval approval, string decision)
    {
        await using var scope = fixture.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(
            new ApprovalDecided(approval.ApprovalId, approval.SubjectType, approval.SubjectId, decision, ["user:default/sam"], null, DateTimeOffset.UtcNow));
    }
}
