using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Filters over texts.</summary>
internal static partial class TextFilters
{
    private const int MaximumSpaces = 16 * 1024 * 1024;

    public static Dictionary<string, FilterFunction> All { get; } = new(StringComparer.Ordinal)
    {
        ["capitalize"] = call => call.LikeInput(TextRules.Capitalize(call.Text())),
        ["center"] = Center,
        ["indent"] = Indent,
        ["lower"] = call => TextRules.Lower(call.Text()),
        ["upper"] = call => TextRules.Upper(call.Text()),
        ["replace"] = Replace,
        ["title"] = call => call.LikeInput(string.Join(' ', call.Text().Split(' ').Select(TextRules.Capitalize))),
        ["trim"] = call => call.LikeInput(TextRules.Trim(call.StrictText()).ToString()),
        ["truncate"] = Truncate,
        ["wordcount"] = WordCount,
    };

    /// <summary>Nothing and false become the empty text; the rest stays what it is.</summary>
    private static TemplateValue Normalized(FilterCall call) =>
        call.Input.IsNullish || (call.Input.IsBoolean && !call.Input.IsTruthy) ? "" : call.Input;

    private static TemplateValue Center(FilterCall call)
    {
        var value = Normalized(call);
        var width = call[0].IsTruthy ? call[0] : 80;
        var length = LengthOf(value);
        if (Coercion.Order(length, width) >= 0)
        {
            return value;
        }

        var spaces = Coercion.ToNumber(width) - Coercion.ToNumber(length);
        return call.LikeInput(Spaces(call, (spaces / 2) - (spaces % 2)) + Coercion.ToText(value) + Spaces(call, spaces / 2));
    }

    /// <summary><c>length</c> as the member, which records may define themselves.</summary>
    private static TemplateValue LengthOf(TemplateValue value) => Members.Own(value, "length");

    private static string Spaces(FilterCall call, double count)
    {
        if (double.IsNaN(count) || count <= 0)
        {
            return "";
        }

        if (count > MaximumSpaces)
        {
            throw new TemplateFault($"at most {MaximumSpaces} spaces are possible");
        }

        call.Run.Allocate((long)Math.Ceiling(count));
        return new string(' ', (int)Math.Ceiling(count));
    }

    private static TemplateValue Indent(FilterCall call)
    {
        var text = call.Text();
        if (text.Length == 0 && !call.Input.IsSafeText)
        {
            return "";
        }

        var indent = Spaces(call, Coercion.ToNumber(call[0].IsTruthy ? call[0] : 4));
        var lines = text.Split('\n');
        call.Run.Allocate((long)indent.Length * lines.Length);
        return call.LikeInput(string.Join('\n', lines.Select((line, index) => index == 0 && !call[1].IsTruthy ? line : indent + line)));
    }

    private static TemplateValue Replace(FilterCall call)
    {
        var (search, replacement) = (call[0], call[1]);
        if (search.AsPattern is { } pattern)
        {
            return pattern.Replace(call.StrictText(), Coercion.ToText(replacement), fresh: true, call.Run);
        }

        if (search.PlainText is null && !search.IsNumber)
        {
            return call.Input;
        }

        var input = call.Input.IsNumber ? Coercion.ToText(call.Input) : call.Input;
        if (input.AsText is not { } text)
        {
            return input;
        }

        var needle = Coercion.ToText(search);
        if (needle.Length == 0)
        {
            var between = Coercion.ToText(replacement);
            call.Run.Allocate((long)text.Length * (between.Length + 1));
            return call.LikeInput(between + string.Join(replacement.IsUndefined ? "," : between, TextMethods.SplitAt(text, "")) + between);
        }

        var maximum = call[2].IsUndefined ? -1 : call[2];
        if (TemplateValue.StrictEquals(maximum, 0) || !text.Contains(needle, StringComparison.Ordinal))
        {
            return input;
        }

        var limit = TemplateValue.StrictEquals(maximum, -1) ? double.PositiveInfinity : Coercion.ToNumber(maximum);
        return call.LikeInput(ReplaceFirst(call, text, needle, Coercion.ToText(replacement), limit));
    }

    private static string ReplaceFirst(FilterCall call, string text, string needle, string replacement, double maximum)
    {
        var output = new System.Text.StringBuilder();
        var position = 0;
        for (var count = 0; count < maximum; count++)
        {
            var index = text.IndexOf(needle, position, StringComparison.Ordinal);
            if (index < 0)
            {
                break;
            }

            call.Run.Allocate(index - position + replacement.Length);
            output.Append(text, position, index - position).Append(replacement);
            position = index + needle.Length;
        }

        return output.Append(text, position, text.Length - position).ToString();
    }

    private static TemplateValue Truncate(FilterCall call)
    {
        var value = Normalized(call);
        var limit = call[0].IsTruthy ? call[0] : 255;
        if (Coercion.Order(LengthOf(value), limit) <= 0)
        {
            return value;
        }

        var text = value.AsText ?? throw new TemplateFault("a text is needed");
        var length = (int)Math.Clamp(Coercion.ToInteger(limit), 0, text.Length);
        var end = call[2].IsNullish ? "..." : Coercion.ToText(call[2]);
        var cut = call[1].IsTruthy ? length : text.LastIndexOf(' ', Math.Min(length, text.Length - 1)) is var space and >= 0 ? space : length;
        return call.LikeInput(text[..cut] + end);
    }

    private static TemplateValue WordCount(FilterCall call)
    {
        var count = call.Input.IsTruthy ? Words().Count(call.StrictText()) : 0;
        return count == 0 ? TemplateValue.Null : count;
    }

    [GeneratedRegex("[A-Za-z0-9_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
