using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Execution;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Tasks;

public sealed class BackstageFiltersTests
{
    [Theory]
    [InlineData("${{ 'component:shop/orders' | parseEntityRef }}", """{"kind":"component","namespace":"shop","name":"orders"}""")]
    [InlineData("${{ ('team-a' | parseEntityRef({ defaultKind: 'group' })).name }}", "\"team-a\"")]
    [InlineData("${{ 'github.com?owner=acme&repo=orders' | parseRepoUrl }}", """{"host":"github.com","owner":"acme","repo":"orders"}""")]
    [InlineData("${{ 'github.com?owner=acme&repo=orders' | projectSlug }}", "\"acme/orders\"")]
    [InlineData("${{ deep | pick('a.b[1]') }}", "2")]
    public void Give_what_backstage_gives(string template, string expected)
    {
        var renderer = new TemplatedJson(new TemplateOptions { Filters = BackstageFilters.For(new HashSet<string> { "github.com" }) });
        var context = new TemplateContext((JsonObject)JsonNode.Parse("""{ "deep": { "a": { "b": [1, 2] } } }""")!);

        renderer.Render(JsonValue.Create(template), context)!.ToJsonString().ShouldBe(expected);
    }
}
