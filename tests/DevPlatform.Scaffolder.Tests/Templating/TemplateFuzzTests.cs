using CsCheck;
using DevPlatform.Scaffolder.Templating;

namespace DevPlatform.Scaffolder.Tests.Templating;

/// <summary>Whatever a template says, the answer is text or a <see cref="TemplateException"/>, and it comes soon.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateLimits Limits = new() { Steps = 20_000, OutputLength = 1_000_000, Allocation = 2_000_000, Time = TimeSpan.FromSeconds(2) };

    private static readonly string[] Pieces =
    [
        "${{ ", " }}", "{{", "}}", "{% ", " %}", "{%- ", " -%}", "{# ", " #}", "${{- ", " -}}", "if ", "elif ", "else", "endif", "for ", "i ", "in ", "endfor", "set ", "x ", "= ", "endset",
        "macro m(", "endmacro", "call ", "m()", "endcall", "filter ", "endfilter", "raw", "endraw", "switch ", "case ", "default", "endswitch", "block b", "endblock", "caller()", "loop", "range(9)", "range(",
        "name", "list", "user", "people", "missing", ".", "[", "]", "(", ")", "{", "}", ",", ":", "::", "|", " | ", "~", "+", "-", "*", "**", "/", "//", "%", "==", "===", "!=", "<", ">=", " and ", " or ", "not ", " is ", "even", "defined",
        "upper", "sort", "join(',')", "replace(r/(a|b)*/g, '$1')", "dump(2)", "groupby('a')", "batch(3)", "slice(2)", "push(list)", "splice(0,1)", "split('')", "r/", "/g", "r/a+/", "'", "\"", "\\", "\n", " ", "1", "0.5", "9999999999", "-1", "é", "\u0000", "\ud800", "__proto__", "constructor",
    ];

    private static readonly Gen<string> FromPieces = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[0, 40].Select(string.Concat);

    private static readonly Gen<string> FromCharacters = Gen.Char.Array[0, 60].Select(characters => "${{ " + new string(characters) + " }}");

    /// <summary>The beginning of one template of the corpus, then the end of another.</summary>
    private static readonly Gen<string> FromCorpus = Gen.Select(CorpusTemplate(), CorpusTemplate(), Gen.Double[0, 1], Gen.Double[0, 1]).Select(
        (first, second, cut, from) => first[..(int)(first.Length * cut)] + second[(int)(second.Length * from)..]);

    [Fact]
    public void Survives_any_template()
    {
        Gen.Frequency((4, FromPieces), (1, FromCharacters), (5, FromCorpus)).Sample(Renders_or_refuses, iter: 15_000);
    }

    [Fact]
    public void Gives_the_same_result_twice()
    {
        FromCorpus.Sample(source => Outcome(source) == Outcome(source), iter: 2_000);
    }

    private static Gen<string> CorpusTemplate() => Gen.Int[0, GoldenCorpus.Cases.Count - 1].Select(index => GoldenCorpus.Cases[index].Template);

    private static bool Renders_or_refuses(string source)
    {
        foreach (var compat in new[] { false, true })
        {
            Outcome(source, compat).ShouldNotBeNull();
        }

        return true;
    }

    private static string Outcome(string source, bool compat = false)
    {
        try
        {
            var options = new TemplateOptions { Limits = Limits, CookiecutterCompat = compat, TrimBlocks = compat };
            return Template.Parse(source, options).Render(GoldenCorpus.Contexts["plain"]);
        }
        catch (TemplateException exception)
        {
            exception.Line.ShouldBeInRange(1, source.Count(c => c == '\n') + 1);
            return exception.Message;
        }
    }
}
