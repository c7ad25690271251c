using System.Text.RegularExpressions;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>A compiled JavaScript regular expression. Matching has a time limit, as patterns come from templates.</summary>
internal sealed class Pattern
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    private readonly string _source;
    private readonly string _flags;
    private readonly Regex _regex;
    private readonly Lazy<Regex> _sticky;

    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    public Pattern(string source, string flags)
    {
        _source = source;
        _flags = flags;
        var translated = PatternTranslator.Translate(source, multiline: flags.Contains('m'));
        GroupNames = translated.GroupNames;

        // ECMAScript: \b is ASCII and a back reference to a group without a match matches the empty string.
        var options = RegexOptions.ECMAScript | (flags.Contains('i') ? RegexOptions.IgnoreCase : RegexOptions.None);
        _regex = new Regex(translated.Pattern, options, TimeLimit);
        _sticky = new Lazy<Regex>(() => new Regex($@"\G(?:{translated.Pattern})", options, TimeLimit));
    }

    public IReadOnlyDictionary<string, int> GroupNames { get; }

    public bool IsGlobal => _flags.Contains('g');

    public bool IsSticky => _flags.Contains('y');

    public Match Match(string text, int start) => Match(text, start, IsSticky);

    public Match Match(string text, int start, bool sticky)
    {
        try
        {
            return (sticky ? _sticky.Value : _regex).Match(text, start);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateFault(
                $"The regular expression {this} took longer than {TimeLimit.TotalMilliseconds} ms on one text", TemplateErrorKind.Limit);
        }
    }

    public override string ToString()
    {
        var source = _source.Length == 0 ? "(?:)"
            : _source.Replace("\n", "\\n").Replace("\r", "\\r").Replace("\u2028", "\\u2028").Replace("\u2029", "\\u2029");
        return $"/{source}/{string.Concat(_flags.Order())}";
    }
}
