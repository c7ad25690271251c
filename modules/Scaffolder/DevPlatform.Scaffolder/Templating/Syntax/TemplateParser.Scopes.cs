namespace DevPlatform.Scaffolder.Templating;

/// <summary>The tags that declare names: loops, macros and call blocks.</summary>
internal sealed partial class TemplateParser
{
    private ForStatement ParseFor(Segment segment, NameRegion names)
    {
        var tokens = new TagReader(segment.Tokens, 1);
        var targetNames = ParseTargets(tokens);
        if (targetNames is ["loop"])
        {
            throw Fault(segment, "A loop variable must not be called \"loop\"");
        }

        var keyword = tokens.Peek();
        if (!tokens.TryTakeName("in") || tokens.Peek().Offset == keyword.Offset + "in".Length)
        {
            throw Fault(segment, "The tag \"for\" is written: for <names> in <list>");
        }

        var source = new ExpressionParser(tokens, names, state).ParseToEnd();
        var length = names.Declare("");
        var inner = names.Nested();
        SetTarget[] targets = [.. targetNames.Select(name => new SetTarget(name, inner.Declare(name)))];

        var mentioned = state.MentionsLoop;
        state.MentionsLoop = false;
        var (body, end) = ParseBody(inner, ["else", "endfor"]);
        var otherwise = end?.Name switch
        {
            null => throw Fault(segment, "The tag \"endfor\" is missing"),
            "else" => Required(ParseBody(inner, ["endfor"]), segment, "endfor"),
            _ => null,
        };
        var loop = new ForLoop(targets, source, length, body, otherwise, state.MentionsLoop);
        state.MentionsLoop |= mentioned;
        return new ForStatement(segment.Offset, loop);
    }

    private MacroStatement ParseMacro(Segment segment, NameRegion names)
    {
        var tokens = new TagReader(segment.Tokens, 1);
        var name = tokens.ExpectName("the name of the macro");
        if (ExpressionParser.IsLiteral(name.Value))
        {
            throw Fault(segment, $"A macro cannot be called \"{name.Value}\"");
        }

        ExpressionParser.Allowed(name);
        tokens.Expect("(");
        state.DeclaresMacro = true;
        var slot = names.Declare(name.Value);
        var definition = ParseCallable(segment, name.Value, tokens, NameRegion.Separate(), "endmacro");
        return new MacroStatement(segment.Offset, definition, slot);
    }

    private CallBlockStatement ParseCall(Segment segment, NameRegion names)
    {
        var tokens = new TagReader(segment.Tokens, 1);
        var callerNames = names.InNewFrame();
        var signature = tokens.TryTake("(") ? ParseSignature(tokens, callerNames) : new Signature([], []);
        if (new ExpressionParser(tokens, names, state).ParseToEnd() is not CallExpression call || !IsStatic(call.Target))
        {
            throw Fault(segment, "The tag \"call\" needs the call of a macro");
        }

        var body = Required(ParseBody(callerNames, ["endcall"]), segment, "endcall");
        return new CallBlockStatement(
            segment.Offset, call, new MacroDefinition("caller", signature.Parameters, signature.Defaults, body, callerNames.Layout));
    }

    private MacroDefinition ParseCallable(Segment segment, string name, TagReader tokens, NameRegion names, string end)
    {
        var signature = ParseSignature(tokens, names);
        tokens.ExpectEnd();
        var body = Required(ParseBody(names, [end]), segment, end);
        state.DeclaresMacro = true;
        return new MacroDefinition(name, signature.Parameters, signature.Defaults, body, names.Layout);
    }

    private Signature ParseSignature(TagReader tokens, NameRegion names)
    {
        var parameters = new List<SetTarget>();
        var defaults = new List<KeyValuePair<string, Expression>>();
        if (tokens.TryTake(")"))
        {
            return new Signature([], []);
        }

        do
        {
            var name = tokens.ExpectName("the name of a parameter");
            if (tokens.TryTake("="))
            {
                var value = new ExpressionParser(tokens, names, state).ParseExpression();
                defaults.Add(KeyValuePair.Create(ExpressionParser.Allowed(name).Value, value));
                continue;
            }

            if (ExpressionParser.IsLiteral(name.Value))
            {
                throw new TemplateFault($"\"{name.Value}\" cannot be a parameter", TemplateErrorKind.Syntax, name.Offset);
            }

            ExpressionParser.Allowed(name);
            parameters.Add(new SetTarget(name.Value, names.FindHere(name.Value) ?? names.Declare(name.Value)));
        }
        while (tokens.TryTake(","));
        tokens.Expect(")");
        return new Signature([.. parameters], [.. defaults]);
    }

    private static bool IsStatic(Expression target) => target is NameExpression
        || (target is MemberExpression { Name: not null } member && IsStatic(member.Target));

    private sealed record Signature(SetTarget[] Parameters, KeyValuePair<string, Expression>[] Defaults);
}
