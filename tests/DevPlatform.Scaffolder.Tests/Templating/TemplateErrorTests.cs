using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\n  ${{ name | nosuch }}", TemplateErrorKind.Evaluation, 2, 14, "There is no filter \"nosuch\"")]
    [InlineData("${{ nosuch() }}", TemplateErrorKind.Evaluation, 1, 5, "nosuch is undefined and cannot be called")]
    [InlineData("${{ name.trim.x() }}", TemplateErrorKind.Evaluation, 1, 15, "name.trim.x is undefined and cannot be called")]
    [InlineData("\n\n${{ 1 in 2 }}", TemplateErrorKind.Evaluation, 3, 5, "\"in\" looks into lists, records and texts, not into a number")]
    [InlineData("${{ 5 | upper }}", TemplateErrorKind.Evaluation, 1, 9, "The filter \"upper\" failed for a number: a text is needed")]
    [InlineData("{% if name %}", TemplateErrorKind.Syntax, 1, 1, "The tag \"endif\" is missing")]
    [InlineData("x\n{% endif %}", TemplateErrorKind.Syntax, 2, 1, "The tag \"endif\" has no opening tag")]
    [InlineData("{% if name %}{% endfor %}", TemplateErrorKind.Syntax, 1, 14, "The tag \"endfor\" does not belong here; expected \"elif\", \"elseif\", \"else\", \"endif\"")]
    [InlineData("${{ name", TemplateErrorKind.Syntax, 1, 1, "The tag is not closed: \"}}\" is missing")]
    [InlineData("${{ 1 + }}", TemplateErrorKind.Syntax, 1, 9, "Expected a value, found the end of the tag")]
    [InlineData("${{ (1 }}", TemplateErrorKind.Syntax, 1, 8, "Expected \")\", found the end of the tag")]
    [InlineData("${{ a b }}", TemplateErrorKind.Syntax, 1, 7, "Expected the end of the tag, found \"b\"")]
    [InlineData("${{ 1e5 }}", TemplateErrorKind.Syntax, 1, 5, "A number must not be followed by \"e\"")]
    [InlineData("${{ r/(/ }}", TemplateErrorKind.Syntax, 1, 5, "Not a regular expression: Unterminated group")]
    [InlineData("{% nosuch %}", TemplateErrorKind.Syntax, 1, 1, "There is no tag \"nosuch\"")]
    [InlineData("{% include 'a' %}", TemplateErrorKind.Syntax, 1, 1, "The tag \"include\" is not supported: a template cannot load other templates")]
    [InlineData("{% import 'a' as b %}", TemplateErrorKind.Syntax, 1, 1, "The tag \"import\" is not supported: a template cannot load other templates")]
    [InlineData("{% extends 'a' %}", TemplateErrorKind.Syntax, 1, 1, "The tag \"extends\" is not supported: a template cannot load other templates")]
    [InlineData("${{ range(1, 2, 3, 4) }}", TemplateErrorKind.Evaluation, 1, 5, "range() takes 0 to 3 arguments; found 4")]
    public void Says_what_is_wrong_and_where(string source, TemplateErrorKind kind, int line, int column, string reason)
    {
        var exception = Should.Throw<TemplateException>(() => Render(source));

        exception.ShouldSatisfyAllConditions(
            e => e.Kind.ShouldBe(kind),
            e => e.Reason.ShouldBe(reason),
            e => (e.Line, e.Column).ShouldBe((line, column)),
            e => e.Message.ShouldBe($"Line {line}, column {column}: {reason}"));
    }

    [Fact]
    public void Counts_columns_in_the_line_of_the_error_only()
    {
        var exception = Should.Throw<TemplateException>(() => Render("first line\r\nsecond ${{ ?"));

        (exception.Line, exception.Column).ShouldBe((2, 8));
    }

    private static string Render(string source) => Template.Parse(source).Render(new JsonObject { ["name"] = "orders" });
}
