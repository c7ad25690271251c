using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>A regular expression <c>r/…/flags</c>, with the position JavaScript keeps for global and sticky ones.</summary>
internal sealed class PatternValue(Pattern pattern) : TemplateObject(TemplateValueKind.Pattern)
{
    private int _lastIndex;

    public Pattern Pattern { get; } = pattern;

    public override string ToString() => Pattern.ToString();

    public bool Test(string text)
    {
        if (!Pattern.IsGlobal && !Pattern.IsSticky)
        {
            return Pattern.Match(text, 0).Success;
        }

        var match = _lastIndex > text.Length ? Match.Empty : Pattern.Match(text, _lastIndex);
        _lastIndex = match.Success ? match.Index + match.Length : 0;
        return match.Success;
    }

    /// <param name="text">Where to replace: everywhere with the flag <c>g</c>, else once.</param>
    /// <param name="replacement">May use <c>$1</c>, <c>$&amp;</c>, <c>$&lt;name&gt;</c>, …</param>
    /// <param name="fresh">Start at the beginning whatever earlier calls left.</param>
    /// <param name="run">Pays for the result.</param>
    public string Replace(string text, string replacement, bool fresh, RenderRun run)
    {
        var start = fresh || Pattern.IsGlobal || !Pattern.IsSticky ? 0 : _lastIndex;
        var output = new Replacement(text, replacement, run);
        var match = start > text.Length ? Match.Empty : Pattern.Match(text, start);
        _lastIndex = !fresh && !Pattern.IsGlobal && Pattern.IsSticky && match.Success ? match.Index + match.Length : 0;
        while (match.Success)
        {
            run.Step();
            output.Add(match.Index, match.Length, Groups(match), Pattern.GroupNames);
            var next = match.Index + Math.Max(match.Length, 1);
            if (!Pattern.IsGlobal || next > text.Length)
            {
                break;
            }

            match = match.Length == 0 ? Pattern.Match(text, next) : Pattern.Match(text, match.Index + match.Length);
        }

        return output.Finish();
    }

    public List<TemplateValue> Split(string text, uint limit, RenderRun run)
    {
        var parts = new List<TemplateValue>();
        if (limit == 0 || (text.Length == 0 && Pattern.Match(text, 0).Success))
        {
            return parts;
        }

        var (start, search) = (0, 0);
        while (search < text.Length)
        {
            run.Step();
            var match = Pattern.Match(text, search, sticky: false);
            if (!match.Success || match.Index >= text.Length)
            {
                break;
            }

            if (match.Index + match.Length == start)
            {
                search = match.Index + 1;
                continue;
            }

            parts.Add(text[start..match.Index]);
            parts.AddRange(Groups(match).Skip(1).Select(group => group is null ? default : (TemplateValue)group));
            (start, search) = (match.Index + match.Length, match.Index + match.Length);
            if (parts.Count >= limit)
            {
                return parts.GetRange(0, (int)limit);
            }
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string?[] Groups(Match match) => [.. match.Groups.Values.Select(group => group.Success ? group.Value : null)];
}
