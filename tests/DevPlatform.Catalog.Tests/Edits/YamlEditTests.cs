using System.Text.Json.Nodes;
using CsCheck;
using DevPlatform.Catalog.Edits;
using DevPlatform.Catalog.Ingestion;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Catalog.Tests.Edits;

public sealed class YamlEditTests
{
    private const string Ref = "component:default/a";

    private const string File =
        "# Who we are\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a   # short\n  description: >\n    two\n    lines\n\n  # what it is tagged with\n  tags:\n  - one\n  - two\n" +
        "  annotations:\n    x.io/a: \"1\"\nspec:\n  type: service\n  lifecycle: production\n  owner: team # ours\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: b }\nspec: { type: service, lifecycle: production, owner: team }\n";

    [Theory]
    [InlineData("metadata.description", "\"one line\"", "  description: >\n    two\n    lines\n", "  description: one line\n")]
    [InlineData("metadata.description", null, "  description: >\n    two\n    lines\n", "")]
    [InlineData("metadata.tags", """["three"]""", "  tags:\n  - one\n  - two\n", "  tags:\n    - three\n")]
    [InlineData("metadata.annotations.x.io/b", "\"true\"", "    x.io/a: \"1\"\n", "    x.io/a: \"1\"\n    x.io/b: \"true\"\n")]
    [InlineData("metadata.annotations.x.io/a", null, "  annotations:\n    x.io/a: \"1\"\n", "  annotations: {}\n")]
    [InlineData("metadata.title", "\"yes: # no\"", "    x.io/a: \"1\"\n", "    x.io/a: \"1\"\n  title: \"yes: # no\"\n")]
    [InlineData("metadata.labels.tier", "\"gold\"", "    x.io/a: \"1\"\n", "    x.io/a: \"1\"\n  labels:\n    tier: gold\n")]
    [InlineData("spec.owner", "\"group:default/new\"", "  owner: team # ours\n", "  owner: group:default/new\n")]
    public void Changes_one_field_and_no_other_line(string field, string? value, string before, string after) =>
        YamlEdit.Set(File, Ref, [(Path(field), value is null ? null : JsonNode.Parse(value))]).ShouldBe(File.Replace(before, after, StringComparison.Ordinal));

    [Fact]
    public void Keeps_the_line_endings_that_a_file_has() =>
        YamlEdit.Set(File.Replace("\n", "\r\n", StringComparison.Ordinal), Ref, [(["metadata", "title"], JsonValue.Create("A"))])
            .ShouldBe(File.Replace("    x.io/a: \"1\"\n", "    x.io/a: \"1\"\n  title: A\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    [Fact]
    public void Writes_what_was_on_one_line_in_several() =>
        YamlEdit.Set(File, "component:default/b", [(["metadata", "description"], JsonValue.Create("B"))])
            .ShouldBe(File.Replace("metadata: { name: b }\n", "metadata:\n  name: b\n  description: B\n", StringComparison.Ordinal));

    [Fact]
    public void Refuses_what_it_cannot_change_exactly() => Should.Throw<ConflictException>(() => YamlEdit.Set(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n  labels: &l\n    x: y\n  annotations: *l\nspec: {}\n", Ref, [(["metadata", "labels", "x"], JsonValue.Create("z"))]));

    [Fact]
    public void Removes_a_document_and_says_when_nothing_is_left()
    {
        var rest = YamlEdit.Remove(File, Ref).ShouldNotBeNull();
        YamlDocuments.Parse(rest, new YamlLimits()).ShouldHaveSingleItem().Node!["metadata"]!["name"]!.ToString().ShouldBe("b");
        YamlEdit.Remove(rest, "component:default/b").ShouldBeNull();
    }

    [Fact]
    public void Whatever_is_written_reads_back_as_it_was_meant()
    {
        var text = Gen.OneOf(Gen.String, Gen.Int[0, 7].Select(i => new[] { "true", "1.5", "- x", "a: b", "#", "''", "null", " x " }[i]));
        Gen.Select(Gen.Int[0, 3], text).Sample((field, value) =>
        {
            var path = new[] { "metadata.description", "metadata.title", "metadata.annotations.x.io/a", "metadata.labels.l" }[field];
            if (value.Any(char.IsSurrogate))
            {
                return;
            }

            var result = YamlEdit.Set(File, Ref, [(Path(path), JsonValue.Create(value))]);
            var node = Path(path).Aggregate(YamlDocuments.Parse(result, new YamlLimits())[0].Node, (at, name) => at![name]);
            node!.GetValue<string>().ShouldBe(value);
        }, iter: 2_000);
    }

    // A key of annotations has dots of its own.
    private static string[] Path(string field) => field.Split('.', 3) is [var a, "annotations" or "labels", var key] && field.Split('.', 3)[1] is var map ? [a, map, key] : field.Split('.');
}
