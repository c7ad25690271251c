using System.Text.RegularExpressions;

namespace DevPlatform.Catalog.TechDocs.Markdown;

/// <summary>What stands after the opening fence of a code block: language, <c>title</c>, <c>hl_lines</c>, <c>linenums</c>.</summary>
internal sealed partial record FenceInfo(string Language, string? Title, IReadOnlySet<int> HighlightedLines, int? FirstLineNumber)
{
    private const int MaxHighlightedLines = 10_000;

    public static FenceInfo Parse(string? info, string? arguments)
    {
        var text = $"{info} {arguments}".Trim();
        // "``` { .yaml .annotate title="x" }" says the same as "``` yaml title="x"".
        var language = text.StartsWith('{') ? DottedLanguage().Match(text).Groups["name"].Value : text.Split([' ', '{', ','], 2)[0];
        string? title = null;
        var highlighted = new HashSet<int>();
        int? first = null;
        foreach (Match option in Option().Matches(text))
        {
            var value = option.Groups["value"].Value;
            switch (option.Groups["name"].Value)
            {
                case "title":
                    title = value;
                    break;
                case "linenums" when int.TryParse(value.Split(' ')[0], out var number):
                    first = number;
                    break;
                case "hl_lines":
                    AddLines(highlighted, value);
                    break;
            }
        }

        return new FenceInfo(language.ToLowerInvariant(), title, highlighted, first);
    }

    private static void AddLines(HashSet<int> lines, string ranges)
    {
        foreach (var range in ranges.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = range.Split('-');
            if (int.TryParse(ends[0], out var from) && int.TryParse(ends[^1], out var to))
            {
                for (var line = from; line <= to && lines.Count < MaxHighlightedLines; line++)
                {
                    lines.Add(line);
                }
            }
        }
    }

    [GeneratedRegex(@"\.(?<name>[\w+#-]+)", RegexOptions.None, 1000)]
    private static partial Regex DottedLanguage();

    [GeneratedRegex(@"\b(?<name>title|linenums|hl_lines)\s*=\s*""(?<value>[^""]*)""", RegexOptions.None, 1000)]
    private static partial Regex Option();
}
