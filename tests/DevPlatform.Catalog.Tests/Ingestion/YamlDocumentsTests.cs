using System.Text.Json.Nodes;
using DevPlatform.Catalog.Ingestion;

namespace DevPlatform.Catalog.Tests.Ingestion;

public sealed class YamlDocumentsTests
{
    private static readonly YamlLimits Limits = new();

    [Fact]
    public void Reads_scalars_as_the_core_schema_says()
    {
        var node = Parse("a: yes\nb: true\nc: ~\nd: 42\ne: 2.50\nf: '42'\ng: 1.0\nh: 2024-01-01\ni: 0x1F\nj: \"\"\nk: -a\nl: .5\nm: 1e3\n");
        node.ToJsonString().ShouldBe("""{"a":"yes","b":true,"c":null,"d":42,"e":2.5,"f":"42","g":1,"h":"2024-01-01","i":31,"j":"","k":"-a","l":0.5,"m":1000}""");
    }

    [Fact]
    public void Expands_anchors_and_merge_keys() =>
        Parse("base: &base { a: 1, b: 2 }\nuse: { <<: *base, b: 3 }\nagain: *base\n").ToJsonString().ShouldBe("""{"base":{"a":1,"b":2},"use":{"b":3,"a":1},"again":{"a":1,"b":2}}""");

    [Fact]
    public void A_block_scalar_keeps_its_last_line_break_before_a_marker() =>
        YamlDocuments.Parse("a: |\n  x\n---\na: |\n  y\n", Limits).Select(d => d.Node!["a"]!.ToString()).ShouldBe(["x\n", "y\n"]);

    [Fact]
    public void A_malformed_document_does_not_take_its_siblings_with_it()
    {
        var documents = YamlDocuments.Parse("# comment\na: 1\n---\nb: [unclosed\nc: 2\n---\nd: 4\n---\n", Limits);
        documents.Select(d => d.Error is null).ShouldBe([true, false, true]);
        documents[1].ErrorLine.ShouldBeInRange(4, 5);
        documents[2].Line.ShouldBe(6);
    }

    [Fact]
    public void An_alias_bomb_is_an_error_and_cheap()
    {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var document = YamlDocuments.Parse(bomb, Limits).ShouldHaveSingleItem();
        document.Error.ShouldNotBeNull().ShouldContain("aliases");
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "appears twice")]
    [InlineData("? [a]\n: b\n", "a key must be plain text")]
    [InlineData("a: *none\n", "no anchor")]
    public void Names_what_is_wrong(string yaml, string reason) => YamlDocuments.Parse(yaml, Limits).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void Refuses_deep_nesting() =>
        YamlDocuments.Parse(string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500)), Limits).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("deeply");

    [Fact]
    public void Finds_the_line_of_a_field()
    {
        const string text = "kind: A\n---\nkind: B\nspec:\n  owner: x\n  list:\n    - 1\n    - 2\n";
        var document = YamlDocuments.Parse(text, Limits)[1];
        YamlDocuments.LinesOf(document, Limits)("spec.owner").ShouldBe(5);
        YamlDocuments.LinesOf(document, Limits)("spec.list.1").ShouldBe(8);
        YamlDocuments.LinesOf(document, Limits)("spec.missing").ShouldBe(4);
    }

    private static JsonNode Parse(string yaml) => YamlDocuments.Parse(yaml, Limits).ShouldHaveSingleItem().Node.ShouldNotBeNull();
}
