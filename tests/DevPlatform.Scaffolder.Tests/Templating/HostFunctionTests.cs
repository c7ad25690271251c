using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class HostFunctionTests
{
    private static readonly TemplateOptions Options = new()
    {
        Filters = new Dictionary<string, TemplateFunction>
        {
            ["shout"] = arguments => $"{arguments[0].AsText}{arguments[1].AsText ?? "!"}",
            ["upper"] = _ => "replaced",
            ["text.twice"] = arguments => arguments[0].AsText + arguments[0].AsText,
            ["strict"] = arguments => arguments[0].AsText ?? throw new ArgumentException("strict needs a text"),
            ["count"] = arguments => arguments.Count,
            ["parse"] = arguments => TemplateValue.FromJson(JsonNode.Parse(arguments[0].AsText!)),
        },
        Globals = new Dictionary<string, TemplateValue>
        {
            ["site"] = "https://x",
            ["always"] = TemplateValue.Function("always", _ => true),
        },
    };

    [Theory]
    [InlineData("${{ name | shout }}", "orders!")]
    [InlineData("${{ name | shout('?') }}", "orders?")]
    [InlineData("${{ name | upper }}", "replaced")]
    [InlineData("${{ name | text.twice }}", "ordersorders")]
    [InlineData("${{ name | count(1, none, missing) }}", "4")]
    [InlineData("${{ '{\"a\": [1, 2]}' | parse | dump }}", "{\"a\":[1,2]}")]
    [InlineData("{% filter shout %}hey{% endfilter %}", "hey!")]
    [InlineData("${{ site }}/${{ always() }}", "https://x/true")]
    [InlineData("${{ 'x' if always() and not failure() }}", "x")]
    public void Uses_filters_and_globals_of_the_host(string source, string expected)
    {
        Render(source).ShouldBe(expected);
    }

    [Fact]
    public void The_context_comes_before_globals()
    {
        Template.Parse("${{ site }}", Options).Render(new JsonObject { ["site"] = "mine" }).ShouldBe("mine");
    }

    [Theory]
    [InlineData("${{ 5 | strict }}", TemplateErrorKind.Function, "The filter \"strict\" failed: strict needs a text")]
    [InlineData("${{ name | shout(end='?') }}", TemplateErrorKind.Evaluation, "The filter \"shout\"() takes no keyword arguments; found \"end\"")]
    [InlineData("${{ range | shout }}", TemplateErrorKind.Evaluation, "The filter \"shout\" cannot be given a function")]
    [InlineData("${{ always }}", TemplateErrorKind.Evaluation, "A function, or a record with one, cannot be used as a value; call it with ()")]
    public void Says_why_a_function_refused(string source, TemplateErrorKind kind, string reason)
    {
        var exception = Should.Throw<TemplateException>(() => Render(source));

        (exception.Kind, exception.Reason).ShouldBe((kind, reason));
    }

    private static string Render(string source)
    {
        var context = new TemplateContext(new JsonObject { ["name"] = "orders" }).With("failure", TemplateValue.Function("failure", _ => false));
        return Template.Parse(source, Options).Render(context);
    }
}
