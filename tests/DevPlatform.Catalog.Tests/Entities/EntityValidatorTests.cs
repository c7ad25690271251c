using System.Text.Json.Nodes;
using DevPlatform.Catalog.Entities;

namespace DevPlatform.Catalog.Tests.Entities;

public sealed class EntityValidatorTests
{
    [Theory]
    [InlineData("Component", "spec.owner", """{"type":"a","lifecycle":"b"}""")]
    [InlineData("Component", "spec.dependsOn.0", """{"type":"a","lifecycle":"b","owner":"c","dependsOn":["no-kind"]}""")]
    [InlineData("API", "spec.definition", """{"type":"a","lifecycle":"b","owner":"c"}""")]
    [InlineData("User", "spec.memberOf", "{}")]
    [InlineData("Group", "spec.children", """{"type":"team"}""")]
    [InlineData("Location", "spec.presence", """{"target":"x","presence":"maybe"}""")]
    public void Names_the_field_of_a_kind_that_is_wrong(string kind, string path, string spec) =>
        EntityValidator.Validate(Entity(kind, spec)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.Path.ShouldBe(path),
            problem => problem.Message.ShouldContain($"\"{path}\" is not valid: found"),
            problem => problem.Message.ShouldContain("allowed:"));

    [Fact]
    public void Finds_all_problems_at_once()
    {
        var entity = Entity("Component", """{"type":""}""");
        entity["metadata"]!["name"] = "has blanks";
        entity["metadata"]!["tags"] = new JsonArray("Upper");
        EntityValidator.Validate(entity).Select(p => p.Path).ShouldBe(["metadata.name", "metadata.tags.0", "spec.type", "spec.lifecycle", "spec.owner"]);
    }

    [Theory]
    [InlineData("backstage.io/v1alpha1", "NoSuchKind", "kind")]
    [InlineData("backstage.io/v1alpha1", "component", "kind")]
    [InlineData("a.b/v1", "Component", "apiVersion")]
    [InlineData("backstage.io/v1alpha1", "Template", "apiVersion")]
    public void Knows_kinds_by_their_exact_names_and_versions(string apiVersion, string kind, string path)
    {
        var entity = Entity(kind, """{"type":"a","lifecycle":"b","owner":"c","steps":[]}""");
        entity["apiVersion"] = apiVersion;
        EntityValidator.Validate(entity).ShouldHaveSingleItem().Path.ShouldBe(path);
    }

    [Fact]
    public void Accepts_other_kinds_under_other_versions_if_they_have_an_owner()
    {
        var entity = Entity("Robot", """{"owner":"c","anything":[1]}""");
        entity["apiVersion"] = "example.com/v1";
        EntityValidator.Validate(entity).ShouldBeEmpty();
        entity["spec"]!.AsObject().Remove("owner");
        EntityValidator.Validate(entity).ShouldHaveSingleItem().Path.ShouldBe("spec.owner");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData("data:text/html,x")]
    public void Refuses_links_that_are_no_addresses(string url)
    {
        var entity = Entity("Domain", """{"owner":"c"}""");
        entity["metadata"]!["links"] = new JsonArray(new JsonObject { ["url"] = url });
        EntityValidator.Validate(entity).ShouldHaveSingleItem().Path.ShouldBe("metadata.links.0.url");
    }

    private static JsonObject Entity(string kind, string spec) => new()
    {
        ["apiVersion"] = "backstage.io/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = "x" },
        ["spec"] = JsonNode.Parse(spec),
    };
}
