using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

/// <summary>
/// What older releases of Backstage rendered with nunjucks (<c>corpus/older.json</c>). Where today's engine renders it, ours does the same. Where it refuses,
/// ours either does what nunjucks did or says which part of the template it does not know.
/// </summary>
public sealed partial class OlderTemplatesTests
{
    private static readonly JsonArray Cases = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Templating", "corpus", "older.json")))!.AsArray();

    public static TheoryData<string> Refused => [.. Cases.Where(c => c![1]!["error"] is not null).Select(c => c![0]!.ToString())];

    [Fact]
    public void Renders_what_todays_engine_renders()
    {
        var rendered = Cases.Where(c => c![1]!["output"] is not null).ToList();

        rendered.Count.ShouldBeGreaterThan(50);
        rendered.ShouldAllBe(c => Render(c![0]!.ToString()) == c[1]!["output"]!.ToString());
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Does_as_nunjucks_or_names_what_it_does_not_know(string template)
    {
        var nunjucks = Cases.Single(c => c![0]!.ToString() == template)![2]!["output"]?.ToString();
        try
        {
            var text = Render(template);
            // Jinja's filters, which nunjucks lacks too, have tests of their own.
            (nunjucks is null ? JinjaFilter().IsMatch(template) : text == nunjucks).ShouldBeTrue(text);
        }
        catch (TemplateException e)
        {
            var source = template.Replace(" ", "", StringComparison.Ordinal);
            Named().Matches(e.Reason).Select(m => m.Value.Trim('"')).ShouldContain(name => source.Contains(name), e.Reason);
            e.Line.ShouldBe(1);
        }
    }

    private static string Render(string template) => Template.Parse(template).Render(GoldenCorpus.Contexts["plain"]);

    [GeneratedRegex(@"\| (map|unique|format|count|min|max|tojson|items)\b", RegexOptions.None, 1000)]
    private static partial Regex JinjaFilter();

    // What an error's text puts in quotes, or begins with.
    [GeneratedRegex("\"[^\"]+\"|^[a-z][\\w.]*", RegexOptions.None, 1000)]
    private static partial Regex Named();
}
