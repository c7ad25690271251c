using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace DevPlatform.Catalog.TechDocs.Highlighting;

/// <summary>Colours code with Pygments' class names, for which readers have style sheets.</summary>
internal static class CodeHighlighter
{
    private static readonly ConcurrentDictionary<string, (Regex Tokens, HashSet<string> Words)> Compiled = new(StringComparer.Ordinal);

    /// <summary>Our name of a language; null for one that is not coloured.</summary>
    public static string? NameOf(string language)
    {
        var name = Languages.Aliases.GetValueOrDefault(language, language);
        return Languages.ByName.ContainsKey(name) ? name : null;
    }

    /// <summary>The code's lines as HTML; a token that spans lines is closed and opened again.</summary>
    public static IEnumerable<string> Lines(string code, string? language)
    {
        var lines = code.ReplaceLineEndings("\n").TrimEnd('\n');
        return language switch
        {
            null => lines.Split('\n').Select(line => WebUtility.HtmlEncode(line)),
            "diff" => lines.Split('\n').Select(DiffLine),
            _ => Highlight(lines, language).Split('\n'),
        };
    }

    private static string Highlight(string code, string language)
    {
        var (tokens, words) = Compiled.GetOrAdd(language, Compile);
        var html = new StringBuilder(code.Length * 2);
        var at = 0;
        foreach (Match match in tokens.Matches(code))
        {
            html.Append(WebUtility.HtmlEncode(code[at..match.Index]));
            Append(html, match.Value, ClassOf(match, words));
            at = match.Index + match.Length;
        }

        return html.Append(WebUtility.HtmlEncode(code[at..])).ToString();
    }

    private static string? ClassOf(Match match, HashSet<string> words) =>
        match.Groups["comment"].Success ? "c1"
        : match.Groups["key"].Success ? "nt"
        : match.Groups["text"].Success ? "s"
        : match.Groups["number"].Success ? "mi"
        : words.Contains(match.Value) ? "k" : null;

    private static void Append(StringBuilder html, string text, string? @class)
    {
        if (@class is null)
        {
            html.Append(WebUtility.HtmlEncode(text));
            return;
        }

        var first = true;
        foreach (var line in text.Split('\n'))
        {
            html.Append(first ? "" : "\n").Append("<span class=\"").Append(@class).Append("\">").Append(WebUtility.HtmlEncode(line)).Append("</span>");
            first = false;
        }
    }

    private static string DiffLine(string line)
    {
        var @class = line switch
        {
            ['@', '@', ..] => "gu",
            ['+', ..] => "gi",
            ['-', ..] => "gd",
            _ => null,
        };
        return @class is null ? WebUtility.HtmlEncode(line) : $"<span class=\"{@class}\">{WebUtility.HtmlEncode(line)}</span>";
    }

    private static (Regex Tokens, HashSet<string> Words) Compile(string name)
    {
        var language = Languages.ByName[name];
        var parts = new (string Group, string? Pattern)[]
        {
            ("comment", language.Comment), ("key", language.Key), ("text", language.Text), ("number", language.Number), ("word", language.Word),
        };
        var pattern = string.Join('|', parts.Where(part => part.Pattern is not null).Select(part => $"(?<{part.Group}>{part.Pattern})"));
        // NonBacktracking: linear time whatever the code looks like.
        var tokens = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant);
        return (tokens, language.Words.Split(' ').ToHashSet(language.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal));
    }
}
