using System.Net;
using DevPlatform.Scaffolder.Tests.Support;

namespace DevPlatform.Scaffolder.Tests.Tasks;

[Collection(ScaffolderCollection.Name)]
public sealed class TemplateLifecycleTests(ScaffolderFixture fixture)
{
    [Theory]
    [InlineData("lifecycle: Beta, devplatform.io/pilot-groups: 'team-x, user:default/ana'", HttpStatusCode.Created, "")]
    [InlineData("lifecycle: beta, devplatform.io/pilot-groups: team-x", HttpStatusCode.Forbidden, "is in beta: found user:default/ana; allowed: its owners and its pilot groups (group:default/team-x)")]
    [InlineData("lifecycle: Beta", HttpStatusCode.Forbidden, "none; the annotation devplatform.io/pilot-groups names them")]
    [InlineData("lifecycle: GA", HttpStatusCode.Created, "")]
    [InlineData("lifecycle: Finished", HttpStatusCode.BadRequest, "allowed: Development, Review, Beta, GA, Deprecated, Retired")]
    [InlineData("lifecycle: Retired, devplatform.io/replaced-by: template:default/newer", HttpStatusCode.Conflict, "is retired and does not run any more; use template:default/newer")]
    [InlineData("version: '1.2'", HttpStatusCode.BadRequest, "a semantic version, such as 1.4.0")]
    [InlineData("version: 1.2.3-rc.1", HttpStatusCode.Created, "")]
    public async Task Says_who_may_run_it(string annotations, HttpStatusCode status, string message)
    {
        var template = fixture.Platform.AddTemplate(
            $$"""
            metadata: { name: {{SampleTemplates.UniqueName("staged")}}, annotations: { devplatform.io/{{annotations}} } }
            spec: { type: service, steps: [{ action: "debug:log", input: { message: hello } }] }
            """);

        using var answer = await fixture.Host.Client().PostTaskAsync(template, new { });

        answer.StatusCode.ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(message);
    }
}
