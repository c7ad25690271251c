using System.Text.Json;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Integrations.Tools;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Integrations.Tests.Tools;

public class ToolLinkTests
{
    private static readonly Caller Ana = new()
    {
        Subject = "1",
        Username = "ana",
        UserRef = "user:default/ana",
        OwnershipRefs = [],
        Roles = new HashSet<string>(),
        Groups = new HashSet<string>(),
    };

    private static readonly CatalogEntity Entity = new("component:shop/orders", [], JsonElement.Parse("""
        {
          "kind": "Component",
          "metadata": { "namespace": "shop", "name": "orders", "annotations": { "argocd/app-name": "orders & co/1" }, "labels": { "tier": "gold" } },
          "spec": { "type": "service" }
        }
        """));

    [Theory]
    [InlineData("/a/{p}", "entity:metadata.namespace", "https://tool.example/base/a/shop")]
    [InlineData("/a/{p}", "annotation:argocd/app-name", "https://tool.example/base/a/orders%20%26%20co%2F1")]
    [InlineData("/a?x={p}", "label:tier", "https://tool.example/base/a?x=gold")]
    [InlineData("/a/{p}", "user:username", "https://tool.example/base/a/ana")]
    [InlineData("/a/{p}/b", "value:fixed", "https://tool.example/base/a/fixed/b")]
    public void Fills_a_parameter_from_its_source_and_encodes_it(string template, string source, string expected) =>
        Build(template, source)!.OriginalString.ShouldBe(expected);

    [Fact]
    public void Takes_the_first_source_that_has_a_value() =>
        Build("/{p}", "annotation:missing", "entity:metadata.name")!.OriginalString.ShouldEndWith("/orders");

    [Theory]
    [InlineData("annotation:missing")]
    [InlineData("entity:spec")]
    [InlineData("entity:metadata.name.first")]
    public void Makes_no_link_when_a_parameter_has_no_value(string source) => Build("/a/{p}", source).ShouldBeNull();

    [Theory]
    [InlineData("component", "", true)]
    [InlineData("resource", "", false)]
    [InlineData("component", "service", true)]
    [InlineData("component", "website", false)]
    public void Applies_by_kind_and_type(string kind, string type, bool expected) =>
        ToolLink.AppliesTo(new ToolLinkTemplate { Kinds = [kind], Types = type.Length == 0 ? [] : [type] }, Entity).ShouldBe(expected);

    private static Uri? Build(string template, params string[] sources) =>
        ToolLink.Build(
            new Uri("https://tool.example/base/"),
            new ToolLinkTemplate { Template = template, Parameters = { ["p"] = [.. sources] } },
            Entity,
            Ana);
}
