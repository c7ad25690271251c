using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class OlderFilterTests
{
    [Theory]
    [InlineData("${{ people | map(attribute='name') | join(',') }}", "Bo,Al")]
    [InlineData("${{ people | map(attribute='team.id') | join(',') }}", "a,")]
    [InlineData("${{ people | map(attribute='nope', default='-') | join(',') }}", "-,-")]
    [InlineData("${{ people | map('name') | join(',') }}", "Bo,Al")]
    [InlineData("${{ words | map('upper') | join(',') }}", "B,A,B")]
    [InlineData("${{ words | map('replace', 'b', 'x') | join(',') }}", "x,a,x")]
    [InlineData("${{ words | unique | join(',') }}", "b,a")]
    [InlineData("${{ [1, '1', 1, none, none, [1]] | unique | dump }}", "[1,\"1\",null,[1]]")]
    [InlineData("${{ '%s-%03d-%.2f%%' | format('x', 7, 1.005) }}", "x-007-1.00%")]
    [InlineData("${{ '%5s|%-5s|' | format('a', 'b') }}", "    a|b    |")]
    [InlineData("${{ words | count }}${{ 'abc' | count }}", "33")]
    [InlineData("${{ [3, 1, 2] | min }}${{ [3, 1, 2] | max }}${{ [] | max }}", "13")]
    [InlineData("${{ {a: [1]} | tojson }}", "{\"a\":[1]}")]
    [InlineData("{% for k, v in {a: 1, b: 2} | items %}${{ k }}${{ v }}{% endfor %}", "a1b2")]
    public void Still_renders_what_older_templates_use(string source, string expected)
    {
        var context = JsonNode.Parse("""{ "people": [{ "name": "Bo", "team": { "id": "a" } }, { "name": "Al", "team": {} }], "words": ["b", "a", "b"] }""");

        Template.Parse(source).Render(context!.AsObject()).ShouldBe(expected);
    }

    [Fact]
    public void Refuses_a_format_it_does_not_know()
    {
        Should.Throw<TemplateException>(() => Template.Parse("${{ '%x' | format(1) }}").Render([])).Reason.ShouldContain("not \"%x\"");
    }
}
