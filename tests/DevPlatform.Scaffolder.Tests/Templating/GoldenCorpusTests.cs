using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

public sealed class GoldenCorpusTests
{
    [Fact]
    public void Renders_every_template_of_the_corpus_as_Backstage_does()
    {
        var differences = GoldenCorpus.Cases.Select(Difference).OfType<string>().ToList();

        differences.ShouldBeEmpty($"{differences.Count} of {GoldenCorpus.Cases.Count} differ");
    }

    [Fact]
    public void The_corpus_has_outputs_values_and_errors()
    {
        GoldenCorpus.Cases.Count.ShouldBeGreaterThan(10_000);
        GoldenCorpus.Cases.Count(c => c.Expected.ContainsKey("output")).ShouldBeGreaterThan(7000);
        GoldenCorpus.Generated.Count(c => c.Expected.ContainsKey("output")).ShouldBe(2000);
        GoldenCorpus.Cases.Count(c => c.Expected.ContainsKey("error")).ShouldBeGreaterThan(1000);
        GoldenCorpus.Cases.Count(c => c.Expected.ContainsKey("value")).ShouldBeGreaterThan(20);
    }

    private static string? Difference(GoldenCase golden)
    {
        var actual = Run(golden);
        return JsonNode.DeepEquals(golden.Expected, actual)
            ? null
            : $"{JsonValue.Create(golden.Template).ToJsonString()} should be {golden.Expected.ToJsonString()} and is {actual.ToJsonString()}";
    }

    private static JsonObject Run(GoldenCase golden)
    {
        try
        {
            var template = Template.Parse(golden.Template, golden.Options);
            var context = GoldenCorpus.Contexts[golden.Context];
            if (!golden.Expected.ContainsKey("value") && !golden.Expected.ContainsKey("undefined"))
            {
                return new JsonObject { ["output"] = template.Render(context) };
            }

            var result = template.EvaluateExpression(context);
            return result.IsUndefined ? new JsonObject { ["undefined"] = true } : new JsonObject { ["value"] = result.Value };
        }
        catch (TemplateException exception)
        {
            return AsExpected(golden.Expected, exception);
        }
    }

    /// <summary>
    /// Kind and line have to be the same. The column may be nearer to the cause than there, and which of several limits is met first is up to
    /// the engine, and so is where.
    /// </summary>
    private static JsonObject AsExpected(JsonObject expected, TemplateException exception)
    {
        var kind = exception.Kind switch
        {
            TemplateErrorKind.Syntax => "syntax_error",
            TemplateErrorKind.Evaluation => "evaluation_error",
            TemplateErrorKind.Limit => "TemplateLimitError",
            _ => "capability_error",
        };
        return new JsonObject
        {
            ["error"] = kind,
            ["line"] = exception.Kind is TemplateErrorKind.Limit ? expected["line"]?.DeepClone() : exception.Line,
            ["column"] = expected["column"]?.DeepClone(),
        };
    }
}
