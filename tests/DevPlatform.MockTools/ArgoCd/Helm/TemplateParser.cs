using System.Text.RegularExpressions;

namespace DevPlatform.MockTools.ArgoCd.Helm;

/// <summary>A part of a template.</summary>
internal abstract record Node;

internal sealed record TextNode(string Text) : Node;

/// <summary>Prints a value, or keeps it in a variable.</summary>
internal sealed record OutputNode(Pipeline Value, string? Variable = null) : Node;

/// <summary><c>if</c>, <c>with</c> and <c>range</c>.</summary>
internal sealed record BlockNode(string Keyword, Pipeline Value, string[] Variables, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else) : Node;

/// <summary>Commands, each given the result of the one before as its last argument.</summary>
internal sealed record Pipeline(IReadOnlyList<IReadOnlyList<Operand>> Commands);

/// <summary>A literal, a path (<c>.Values.x</c>, <c>$root.x</c>), a function's name, or a pipeline in parentheses.</summary>
internal sealed record Operand(string Text, Pipeline? Inner = null, object? Literal = null);

/// <summary>Reads the part of Go's text/template that Helm charts of the golden paths use.</summary>
internal sealed partial class TemplateParser
{
    private readonly string _file;
    private readonly List<(bool IsAction, string Text, int Line)> _parts = [];
    private readonly Dictionary<string, IReadOnlyList<Node>> _defines;
    private int _at;

    private TemplateParser(string file, string text, Dictionary<string, IReadOnlyList<Node>> defines)
    {
        (_file, _defines) = (file, defines);
        var position = 0;
        var trimNext = false;
        foreach (Match match in Action().Matches(text))
        {
            var before = text[position..match.Index];
            before = trimNext ? before.TrimStart() : before;
            _parts.Add((false, match.Groups["left"].Success ? before.TrimEnd() : before, 0));
            if (!match.Groups["code"].Value.StartsWith("/*", StringComparison.Ordinal))
            {
                _parts.Add((true, match.Groups["code"].Value.Trim(), text.AsSpan(0, match.Index).Count('\n') + 1));
            }

            trimNext = match.Groups["right"].Success;
            position = match.Index + match.Length;
        }

        _parts.Add((false, trimNext ? text[position..].TrimStart() : text[position..], 0));
    }

    /// <exception cref="ManifestException">Not a template; the message says where.</exception>
    public static IReadOnlyList<Node> Parse(string file, string text, Dictionary<string, IReadOnlyList<Node>> defines)
    {
        var parser = new TemplateParser(file, text, defines);
        var nodes = parser.Block(out var end);
        return end is null ? nodes : throw new ManifestException($"{file}: unexpected {{{{{end}}}}}");
    }

    private List<Node> Block(out string? end)
    {
        var nodes = new List<Node>();
        while (_at < _parts.Count)
        {
            var (isAction, text, line) = _parts[_at++];
            if (!isAction)
            {
                nodes.Add(new TextNode(text));
                continue;
            }

            var keyword = text.Split(' ', 2)[0];
            switch (keyword)
            {
                case "end" or "else":
                    end = text;
                    return nodes;
                case "if" or "with" or "range":
                    nodes.Add(Block(keyword, text[keyword.Length..], line));
                    break;
                case "define":
                    _defines[text.Split('"')[1]] = Block(out _);
                    break;
                default:
                    var (variables, value) = Assignment(text);
                    nodes.Add(new OutputNode(Expression(value, line), variables.FirstOrDefault()));
                    break;
            }
        }

        end = null;
        return nodes;
    }

    private BlockNode Block(string keyword, string head, int line)
    {
        var (variables, value) = Assignment(head);
        var body = Block(out var end);
        var otherwise = new List<Node>();
        if (end is not null && end.StartsWith("else if ", StringComparison.Ordinal))
        {
            otherwise.Add(Block("if", end["else if".Length..], line));
        }
        else if (end == "else")
        {
            otherwise = Block(out end);
        }

        return end is null ? throw new ManifestException($"{_file}:{line}: {{{{{keyword}}}}} has no {{{{end}}}}") : new BlockNode(keyword, Expression(value, line), variables, body, otherwise);
    }

    private static (string[] Variables, string Value) Assignment(string text) =>
        AssignmentText().Match(text) is { Success: true } match
            ? (match.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries), text[match.Length..])
            : ([], text);

    private Pipeline Expression(string text, int line)
    {
        var tokens = Token().Matches(text).Select(m => m.Value).ToList();
        if (string.Concat(tokens) != text.Replace(" ", "").Replace("\t", "") && !tokens.Any(t => t[0] is '"' or '`'))
        {
            throw new ManifestException($"{_file}:{line}: cannot read {{{{{text}}}}}");
        }

        var at = 0;
        return Pipeline(tokens, ref at);
    }

    private static Pipeline Pipeline(List<string> tokens, ref int at)
    {
        var commands = new List<IReadOnlyList<Operand>>();
        var command = new List<Operand>();
        for (; at < tokens.Count && tokens[at] != ")"; at++)
        {
            switch (tokens[at])
            {
                case "|":
                    commands.Add(command);
                    command = [];
                    break;
                case "(":
                    at++;
                    command.Add(new Operand("", Pipeline(tokens, ref at)));
                    break;
                default:
                    command.Add(Operand(tokens[at]));
                    break;
            }
        }

        commands.Add(command);
        return new Pipeline(commands);
    }

    private static Operand Operand(string token) => token[0] switch
    {
        '"' => new Operand(token, Literal: Regex.Unescape(token[1..^1])),
        '`' => new Operand(token, Literal: token[1..^1]),
        _ when long.TryParse(token, out var number) => new Operand(token, Literal: number),
        _ when token is "true" or "false" => new Operand(token, Literal: token == "true"),
        _ => new Operand(token),
    };

    [GeneratedRegex(@"\{\{(?<left>-(?=\s))?(?<code>(?s:.*?))(?<right>(?<=\s)-)?\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Action();

    [GeneratedRegex(@"^\s*(?<names>\$\w+(\s*,\s*\$\w+)?)\s*:?=\s*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AssignmentText();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"|`[^`]*`|[()|]|-?[\\w.$]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
