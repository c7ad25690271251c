using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class TemplateLimitTests
{
    [Theory]
    [InlineData("{% for i in range(1000) %}{% for j in range(1000) %}{% for k in range(1000) %}{% endfor %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("${{ range(0, 1, 0.0000001) }}", "steps")]
    [InlineData("{% set s = 'xxxxxxxxxxxxxxxx' %}{% for i in range(60) %}{% set s = s ~ s %}{% endfor %}", "characters and list entries made")]
    [InlineData("{% set l = [1, 2, 3, 4] %}{% for i in range(60) %}{% set l = l.concat(l) %}{% endfor %}", "at most 100000 entries")]
    [InlineData("{% for i in range(1000) %}{% set x = 'a\nb\nc' | indent(60000) %}{% endfor %}", "characters and list entries made")]
    [InlineData("{% set s %}${{ 'x' | center(1000000) }}{% endset %}{% for i in range(100) %}${{ s }}{% endfor %}", "characters of output")]
    [InlineData("{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}", "macros calling each other")]
    [InlineData("{% set a = [] %}{% for i in range(1000) %}{% set a = [a] %}{% endfor %}${{ a }}", "nest at most 256 levels")]
    [InlineData("{% set a = [] %}${{ a.push(a) }}", "cannot contain itself")]
    [InlineData("${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/(a+)+$/, '') }}", "longer than 500 ms")]
    [InlineData("${{ range(200000) }}", "at most 100000 entries")]
    public void Stops_a_template_that_takes_too_much(string source, string limit)
    {
        var exception = Should.Throw<TemplateException>(() => Template.Parse(source).Render([]));

        exception.Reason.ShouldContain(limit);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-(", ")")]
    [InlineData("{a: ", "}")]
    [InlineData("a[", "]")]
    [InlineData("a(", ")")]
    public void Refuses_expressions_that_nest_without_end(string open, string close)
    {
        var source = $"${{{{ {Repeat(open)}1{Repeat(close + " ")} }}}}";

        Should.Throw<TemplateException>(() => Template.Parse(source)).Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    [Theory]
    [InlineData("1 + ", "1")]
    [InlineData("a or ", "a")]
    [InlineData("'x' ~ ", "'x'")]
    [InlineData("2 ** ", "2")]
    public void Refuses_expressions_without_end(string part, string last)
    {
        Should.Throw<TemplateException>(() => Template.Parse($"${{{{ {Repeat(part)}{last} }}}}")).Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    [Theory]
    [InlineData("a", " | upper")]
    [InlineData("not 1", " + 1")]
    [InlineData("a", ".a")]
    [InlineData("a", "[0]")]
    public void Refuses_chains_without_end(string first, string part)
    {
        Should.Throw<TemplateException>(() => Template.Parse($"${{{{ {first}{Repeat(part)} }}}}")).Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    [Theory]
    [InlineData("{% if a %}")]
    [InlineData("{% for a in b %}")]
    [InlineData("{% macro m() %}")]
    [InlineData("{% filter upper %}")]
    [InlineData("{% if a %}{% elif a %}")]
    public void Refuses_tags_that_nest_without_end(string tag)
    {
        Should.Throw<TemplateException>(() => Template.Parse(Repeat(tag))).Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    [Fact]
    public void Refuses_a_template_that_is_too_long()
    {
        var options = new TemplateOptions { Limits = new TemplateLimits { SourceLength = 10 } };

        var exception = Should.Throw<TemplateException>(() => Template.Parse("0123456789a", options));

        exception.Reason.ShouldBe("The template has 11 characters; the limit is 10");
        exception.Kind.ShouldBe(TemplateErrorKind.Limit);
    }

    [Fact]
    public void Stops_after_the_time_allowed()
    {
        var clock = new SteppingClock();
        var options = new TemplateOptions { Clock = clock, Limits = new TemplateLimits { Time = TimeSpan.FromSeconds(3) } };

        var exception = Should.Throw<TemplateException>(() => Template.Parse("{% for i in range(50000) %}x{% endfor %}", options).Render([]));

        exception.Reason.ShouldBe("The template exceeds the limit of 3000 milliseconds");
    }

    [Fact]
    public void Stops_when_it_is_cancelled()
    {
        var template = Template.Parse("{% for i in range(50000) %}x{% endfor %}");

        Should.Throw<OperationCanceledException>(() => template.Render([], new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Counts_anew_for_each_render()
    {
        var template = Template.Parse("{% for i in range(40000) %}${{ i }}{% endfor %}");

        for (var round = 0; round < 20; round++)
        {
            template.Render([]).Length.ShouldBeGreaterThan(100_000);
        }
    }

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, 100_000));

    /// <summary>A clock on which every look takes a second.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
