namespace DevPlatform.Scaffolder.Templating;

/// <summary>Parses the tags of a template into statements.</summary>
internal sealed partial class TemplateParser(IReadOnlyList<Segment> segments, ParseState state)
{
    private static readonly string[] InnerTags =
        ["else", "elif", "elseif", "case", "default", "endif", "endfor", "endmacro", "endcall", "endfilter", "endset", "endswitch"];

    private int _at;

    public Body Parse(NameRegion names)
    {
        var (body, end) = ParseBody(names, []);
        return end is null ? body : throw Fault(end, $"The tag \"{end.Name}\" does not belong here");
    }

    /// <summary>Parses up to one of the tags <paramref name="ends"/>, which is taken, or to the end of the template.</summary>
    private (Body Body, Segment? End) ParseBody(NameRegion names, string[] ends)
    {
        var offset = _at > 0 ? segments[_at - 1].Offset : 0;
        return state.Nested(
            () =>
            {
                var statements = new List<Statement>();
                while (_at < segments.Count)
                {
                    var segment = segments[_at++];
                    if (segment.Kind is SegmentKind.Block && ends.Contains(segment.Name))
                    {
                        return (new Body([.. statements]), (Segment?)CheckEnd(segment));
                    }

                    statements.Add(ParseStatement(segment, names, ends));
                }

                return (new Body([.. statements]), null);
            },
            offset);
    }

    private Segment CheckEnd(Segment end) => end.Name is not ("elif" or "elseif" or "case" or "endblock") && end.Tokens.Count > 2
        ? throw Fault(end, $"The tag \"{end.Name}\" takes nothing after its name")
        : end;

    private Body Required((Body Body, Segment? End) parsed, Segment opening, string end) =>
        parsed.End is not null ? parsed.Body : throw Fault(opening, $"The tag \"{end}\" is missing");

    private Statement ParseStatement(Segment segment, NameRegion names, string[] ends)
    {
        switch (segment.Kind)
        {
            case SegmentKind.Text:
                return new TextStatement(segment.Offset, segment.Text);
            case SegmentKind.Variable:
                return new OutputStatement(segment.Offset, Expressions(segment, names, skipName: false).ParseToEnd());
        }

        switch (segment.Name)
        {
            case "if":
                return ParseIf(segment, names);
            case "for":
                return ParseFor(segment, names);
            case "set":
                return ParseSet(segment, names);
            case "macro":
                return ParseMacro(segment, names);
            case "call":
                return ParseCall(segment, names);
            case "filter":
                return ParseFilterBlock(segment, names);
            case "block":
                return ParseBlock(segment);
            case "switch":
                return ParseSwitch(segment, names);
            case "include" or "import" or "from" or "extends":
                throw Fault(segment, $"The tag \"{segment.Name}\" is not supported: a template cannot load other templates");
            case "":
                throw Fault(segment, "A tag must begin with its name");
        }

        if (!InnerTags.Contains(segment.Name))
        {
            throw Fault(segment, $"There is no tag \"{segment.Name}\"");
        }

        throw Fault(segment, ends.Length == 0
            ? $"The tag \"{segment.Name}\" has no opening tag"
            : $"The tag \"{segment.Name}\" does not belong here; expected {string.Join(", ", ends.Select(end => $"\"{end}\""))}");
    }

    private IfStatement ParseIf(Segment segment, NameRegion names)
    {
        var condition = Expressions(segment, names).ParseToEnd();
        var (body, end) = ParseBody(names, ["elif", "elseif", "else", "endif"]);
        Body? otherwise = end?.Name switch
        {
            null => throw Fault(segment, "The tag \"endif\" is missing"),
            "elif" or "elseif" => new Body([state.Nested(() => ParseIf(end, names), end.Offset)]),
            "else" => Required(ParseBody(names, ["endif"]), segment, "endif"),
            _ => null,
        };
        return new IfStatement(segment.Offset, condition, body, otherwise);
    }

    private SwitchStatement ParseSwitch(Segment segment, NameRegion names)
    {
        var expression = Expressions(segment, names).ParseToEnd();
        var cases = new List<(Expression, Body)>();
        Body? otherwise = null;
        var (body, end) = ParseBody(names, ["case", "default", "endswitch"]);
        if (!body.IsEmpty)
        {
            throw Fault(segment, "Between \"switch\" and its first \"case\" or \"default\" there must be nothing, not even white space");
        }

        while (end?.Name == "case")
        {
            var value = Expressions(end, names).ParseToEnd();
            (body, end) = ParseBody(names, ["case", "default", "endswitch"]);
            cases.Add((value, body));
        }

        if (end?.Name == "default")
        {
            (otherwise, end) = ParseBody(names, ["endswitch"]);
        }

        if (end is null)
        {
            throw Fault(segment, "The tag \"endswitch\" is missing");
        }

        return cases.Count > 0 || otherwise is not null
            ? new SwitchStatement(segment.Offset, expression, [.. cases], otherwise)
            : throw Fault(segment, "The tag \"switch\" needs a \"case\" or \"default\"");
    }

    private SetStatement ParseSet(Segment segment, NameRegion names)
    {
        var tokens = new TagReader(segment.Tokens, 1);
        var targets = ParseTargets(tokens);
        SetTarget[] Bound() => [.. targets.Select(name => new SetTarget(name, names.Find(name)))];
        if (tokens.TryTake("="))
        {
            var value = new ExpressionParser(tokens, names, state).ParseToEnd();
            return new SetStatement(segment.Offset, Bound(), value, null);
        }

        tokens.ExpectEnd();
        var body = ParseCaptured(segment, names, "endset");
        return new SetStatement(segment.Offset, Bound(), null, body);
    }

    private OutputStatement ParseFilterBlock(Segment segment, NameRegion names)
    {
        var body = ParseCaptured(segment, names, "endfilter");
        var tokens = new TagReader(segment.Tokens, 1);
        var filter = new ExpressionParser(tokens, names, state).ParseFilter(new CaptureExpression(segment.Offset, body));
        tokens.ExpectEnd();
        return new OutputStatement(segment.Offset, filter);
    }

    private Body ParseCaptured(Segment segment, NameRegion names, string end)
    {
        var before = state.DeclaresMacro;
        state.DeclaresMacro = false;
        var body = Required(ParseBody(names, [end]), segment, end);
        if (state.DeclaresMacro)
        {
            throw Fault(segment, $"A macro must not be declared inside \"{segment.Name}\"");
        }

        state.DeclaresMacro = before;
        return body;
    }

    private BlockStatement ParseBlock(Segment segment)
    {
        var tokens = new TagReader(segment.Tokens, 1);
        var name = ExpressionParser.Allowed(tokens.ExpectName("the name of the block")).Value;
        tokens.ExpectEnd();
        if (!state.Blocks.Add(name))
        {
            throw Fault(segment, $"There are two blocks \"{name}\"");
        }

        var names = NameRegion.Separate();
        var (body, end) = ParseBody(names, ["endblock"]);
        Required((body, end), segment, "endblock");
        var closing = new TagReader(end!.Tokens, 1);
        _ = closing.TryTakeName(name);
        closing.ExpectEnd();
        return new BlockStatement(segment.Offset, body, names.Layout);
    }

    private ExpressionParser Expressions(Segment segment, NameRegion names, bool skipName = true) =>
        new(new TagReader(segment.Tokens, skipName ? 1 : 0), names, state);

    private static string[] ParseTargets(TagReader tokens)
    {
        var targets = new List<string>();
        do
        {
            var name = tokens.ExpectName("the name of a variable");
            targets.Add(ExpressionParser.IsLiteral(name.Value)
                ? throw new TemplateFault($"\"{name.Value}\" cannot be a variable", TemplateErrorKind.Syntax, name.Offset)
                : ExpressionParser.Allowed(name).Value);
        }
        while (tokens.TryTake(","));
        return [.. targets];
    }

    private static TemplateFault Fault(Segment segment, string message) => new(message, TemplateErrorKind.Syntax, segment.Offset);
}
