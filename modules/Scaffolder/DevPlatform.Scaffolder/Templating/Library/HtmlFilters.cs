using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Filters about HTML and URLs.</summary>
internal static partial class HtmlFilters
{
    private const int MaximumPasses = 8;
    private const int MatchTimeout = 1000;

    public static Dictionary<string, FilterFunction> All { get; } = new(StringComparer.Ordinal)
    {
        ["e"] = Escape,
        ["escape"] = Escape,
        ["forceescape"] = call => TemplateValue.Safe(EscapeHtml(call, Coercion.Render(call.Input))),
        ["nl2br"] = call => call.LikeInput(call.Input.IsNullish ? "" : LineBreaks().Replace(call.StrictText(), "<br />\n")),
        ["safe"] = call => call.Input.IsSafeText ? call.Input : TemplateValue.Safe(Coercion.Render(call.Input)),
        ["striptags"] = StripTags,
        ["urlencode"] = UrlEncode,
        ["urlize"] = Urlize,
    };

    private static TemplateValue Escape(FilterCall call) =>
        call.Input.IsSafeText ? call.Input : TemplateValue.Safe(EscapeHtml(call, Coercion.Render(call.Input)));

    private static string EscapeHtml(FilterCall call, string text)
    {
        call.Run.Allocate(text.Length);
        return text.Replace("&", "&amp;").Replace("\"", "&quot;").Replace("'", "&#39;")
            .Replace("<", "&lt;").Replace(">", "&gt;").Replace("\\", "&#92;");
    }

    private static TemplateValue StripTags(FilterCall call)
    {
        var text = call.Text();
        for (var pass = 0; pass <= MaximumPasses && Tags().Replace(text, "") is var next && next != text; pass++)
        {
            text = pass < MaximumPasses ? next : throw new TemplateFault("the tags are nested too deeply");
        }

        text = TextRules.Trim(text).ToString();
        if (!call[0].IsTruthy)
        {
            return call.LikeInput(WhiteSpace().Replace(text, " "));
        }

        text = Spaces().Replace(LineEdges().Replace(text, ""), " ").Replace("\r\n", "\n");
        return call.LikeInput(BlankLines().Replace(text, "\n\n"));
    }

    private static TemplateValue UrlEncode(FilterCall call)
    {
        if (call.Input.AsText is { } text)
        {
            return call.LikeInput(TextRules.EncodeUriComponent(text)).AsText!;
        }

        var pairs = call.Input.AsRecord?.Entries.Select(entry => Pair(entry.Key, entry.Value))
            ?? call.Input.AsList?.Items.Select(item => item.IsNullish
                ? throw new TemplateFault("an entry of the list is nothing")
                : Pair(Members.Own(item, "0"), Members.Own(item, "1")));
        return string.Join('&', pairs ?? []);

        string Pair(TemplateValue key, TemplateValue value)
        {
            call.Run.Step();
            return $"{TextRules.EncodeUriComponent(Coercion.ToText(key))}={TextRules.EncodeUriComponent(Coercion.ToText(value))}";
        }
    }

    private static TemplateValue Urlize(FilterCall call)
    {
        var text = call.StrictText();
        call.Run.Allocate(text.Length * 2L);
        var noFollow = call[1].IsBoolean && call[1].IsTruthy ? " rel=\"nofollow\"" : "";
        var limit = LinkTextLength(call[0]);
        return string.Concat(WordsAndSpaces().Split(text).Select(Link));

        string Link(string word)
        {
            var url = Punctuated().Match(word) is { Success: true } match ? match.Groups[1].Value : word;
            var shown = url.Length > limit ? url[..(int)limit] : url;
            return word.Length == 0 ? ""
                : HttpUrl().IsMatch(url) ? $"<a href=\"{url}\"{noFollow}>{shown}</a>"
                : url.StartsWith("www.", StringComparison.Ordinal) ? $"<a href=\"http://{url}\"{noFollow}>{shown}</a>"
                : Email().IsMatch(url) ? $"<a href=\"mailto:{url}\">{url}</a>"
                : CommonDomain().IsMatch(url) ? $"<a href=\"http://{url}\"{noFollow}>{shown}</a>"
                : word;
        }
    }

    private static double LinkTextLength(TemplateValue value)
    {
        if (value.IsUndefined || (value.IsNumber && double.IsNaN(value.RawNumber)))
        {
            return double.PositiveInfinity;
        }

        var number = Coercion.ToNumber(value);
        return number > 0 ? Math.Truncate(number) : 0;
    }

    [GeneratedRegex(@"\r\n|\n", RegexOptions.None, MatchTimeout)]
    private static partial Regex LineBreaks();

    [GeneratedRegex(@"</?([a-z][a-z0-9]*)\b[^>]*>|<!--[\s\S]*?-->", RegexOptions.IgnoreCase | RegexOptions.ECMAScript, MatchTimeout)]
    private static partial Regex Tags();

    [GeneratedRegex("(?<=\\A|[\n\r\u2028\u2029]) +| +(?=\\z|[\n\r\u2028\u2029])", RegexOptions.None, MatchTimeout)]
    private static partial Regex LineEdges();

    [GeneratedRegex(" +", RegexOptions.None, MatchTimeout)]
    private static partial Regex Spaces();

    [GeneratedRegex("\n\n\n+", RegexOptions.None, MatchTimeout)]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"[\s\ufeff-[\u0085]]+", RegexOptions.None, MatchTimeout)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"([\s\ufeff-[\u0085]]+)", RegexOptions.None, MatchTimeout)]
    private static partial Regex WordsAndSpaces();

    [GeneratedRegex(@"\A(?:\(|<|&lt;)?([^\n\r\u2028\u2029]*?)(?:\.|,|\)|\n|&gt;)?\z", RegexOptions.None, MatchTimeout)]
    private static partial Regex Punctuated();

    [GeneratedRegex(@"\Ahttps?://", RegexOptions.None, MatchTimeout)]
    private static partial Regex HttpUrl();

    [GeneratedRegex(@"\A[A-Z0-9_.!#$%&'*+\-/=?^`{|}~]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+\z", RegexOptions.IgnoreCase | RegexOptions.ECMAScript, MatchTimeout)]
    private static partial Regex Email();

    [GeneratedRegex(@"\.(?:org|net|com)(?::|/|\z)", RegexOptions.None, MatchTimeout)]
    private static partial Regex CommonDomain();
}
