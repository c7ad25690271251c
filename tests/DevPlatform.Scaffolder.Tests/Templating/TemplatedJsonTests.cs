using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class TemplatedJsonTests
{
    private static readonly JsonObject Context = JsonNode.Parse("""
        {
          "parameters": { "name": "orders", "replicas": 2, "tags": ["a", "b"], "enabled": true, "nothing": null },
          "steps": { "publish": { "output": { "url": "https://x", "files": [{ "path": "a" }] } } }
        }
        """)!.AsObject();

    [Theory]
    [InlineData("\"${{ parameters.replicas }}\"", "2")]
    [InlineData("\"${{ parameters.tags }}\"", """["a","b"]""")]
    [InlineData("\"${{ parameters.enabled }}\"", "true")]
    [InlineData("\"${{ parameters.nothing }}\"", "null")]
    [InlineData("\"${{ parameters.replicas }} replicas\"", "\"2 replicas\"")]
    [InlineData("\" ${{ parameters.replicas }}\"", "\" 2\"")]
    [InlineData("\"${{ parameters.name }}${{ parameters.replicas }}\"", "\"orders2\"")]
    [InlineData("\"{% if parameters.enabled %}yes{% endif %}\"", "\"yes\"")]
    [InlineData("{\"a\":{\"b\":[\"${{ parameters.name }}\",1,null,true]}}", """{"a":{"b":["orders",1,null,true]}}""")]
    [InlineData("{\"${{ parameters.name }}\":1}", """{"${{ parameters.name }}":1}""")]
    [InlineData("{\"a\":\"${{ parameters.missing }}\",\"b\":1}", """{"b":1}""")]
    [InlineData("{\"a\":\"x${{ parameters.missing }}\"}", """{"a":"x"}""")]
    [InlineData("[\"${{ parameters.missing }}\",1]", "[null,1]")]
    [InlineData("\"${{ steps['publish'].output.files }}\"", """[{"path":"a"}]""")]
    [InlineData("\"${{ steps.publish.output }}\"", """{"url":"https://x","files":[{"path":"a"}]}""")]
    [InlineData("\"${{ parameters.replicas > 1 }}\"", "true")]
    [InlineData("\"${{ parameters.replicas / 0 }}\"", "null")]
    [InlineData("\"${{ parameters.replicas * 1.5 }}\"", "3")]
    [InlineData("\"plain { text }\"", "\"plain { text }\"")]
    public void Renders_the_strings_of_a_document(string document, string expected)
    {
        TemplatedJson.Render(JsonNode.Parse(document), Context)?.ToJsonString(Relaxed).ShouldBe(expected == "null" ? null : expected);
    }

    [Fact]
    public void Leaves_strings_it_cannot_render_and_says_which()
    {
        var document = JsonNode.Parse("""{ "a": ["ok", "${{ parameters.name | nosuch }}"], "b": { "c": "${{ broken" } }""");
        var reported = new List<string>();

        var rendered = new TemplatedJson(new TemplateOptions())
            .Render(document, new TemplateContext(Context), (path, exception) => reported.Add($"{path}: {exception.Reason}"));

        rendered!.ToJsonString(Relaxed).ShouldBe("""{"a":["ok","${{ parameters.name | nosuch }}"],"b":{"c":"${{ broken"}}""");
        reported.ShouldBe(["$.a[1]: There is no filter \"nosuch\"", "$.b.c: The tag is not closed: \"}}\" is missing"]);
    }

    [Fact]
    public void Leaves_the_document_and_the_context_alone()
    {
        var document = JsonNode.Parse("""{ "a": "${{ parameters.tags }}", "b": [1] }""")!;
        var before = (document.ToJsonString(), Context.ToJsonString());

        var rendered = TemplatedJson.Render(document, Context)!;
        rendered["a"]!.AsArray().Add("c");
        rendered["b"]!.AsArray().Add(2);

        (document.ToJsonString(), Context.ToJsonString()).ShouldBe(before);
    }

    [Fact]
    public void Does_not_hide_that_a_limit_is_exceeded()
    {
        var document = JsonNode.Parse("\"${{ range(100000000) | length }}\"");

        Should.Throw<TemplateException>(() => TemplatedJson.Render(document, Context)).Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
