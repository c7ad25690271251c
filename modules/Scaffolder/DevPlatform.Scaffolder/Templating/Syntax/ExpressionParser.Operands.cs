namespace DevPlatform.Scaffolder.Templating;

/// <summary>Literals, names, calls, members and filters.</summary>
internal sealed partial class ExpressionParser
{
    /// <summary>Parses a filter with its arguments; the input is known.</summary>
    public FilterExpression ParseFilter(Expression input)
    {
        var first = tokens.ExpectName("the name of a filter");
        var name = Allowed(first).Value;
        while (tokens.TryTake("."))
        {
            name += $".{Allowed(tokens.ExpectName("the name of a filter")).Value}";
        }

        var arguments = tokens.TryTake("(") ? Nested(ParseArguments) : ArgumentList.Empty;
        return new FilterExpression(first.Offset, name, input, arguments);
    }

    /// <summary>Parses up to the closing parenthesis.</summary>
    public ArgumentList ParseArguments()
    {
        var positional = new List<Expression>();
        var keyword = new List<KeyValuePair<string, Expression>>();
        if (tokens.TryTake(")"))
        {
            return ArgumentList.Empty;
        }

        do
        {
            if (tokens.Peek().Kind is TokenKind.Name && tokens.Peek(1).Is("="))
            {
                var name = Allowed(tokens.Take()).Value;
                tokens.Take();
                keyword.Add(KeyValuePair.Create(name, ParseExpression()));
            }
            else
            {
                positional.Add(ParseExpression());
            }
        }
        while (tokens.TryTake(","));
        tokens.Expect(")");
        return new ArgumentList([.. positional], [.. keyword]);
    }

    /// <summary>Refuses names that lead to a prototype in JavaScript.</summary>
    public static Token Allowed(Token name) => RecordValue.IsReserved(name.Value)
        ? throw new TemplateFault($"The name \"{name.Value}\" is reserved", TemplateErrorKind.Syntax, name.Offset)
        : name;

    private Expression ParseFiltered()
    {
        var expression = ParseUnary();
        while (tokens.TryTake("|"))
        {
            expression = ParseFilter(expression);
        }

        return expression;
    }

    private Expression ParseUnary()
    {
        var token = tokens.Peek();
        UnaryOperator? operation = tokens.TryTake("-") ? UnaryOperator.Negate : tokens.TryTake("+") ? UnaryOperator.Number : null;
        if (operation is not { } found)
        {
            return ParsePostfix();
        }

        var target = Nested(ParseUnary);
        return target is UnaryExpression inner && inner.Operation == found
            ? throw new TemplateFault($"\"{token.Value}{token.Value}\" is not an operator; use parentheses", TemplateErrorKind.Syntax, target.Offset)
            : new UnaryExpression(token.Offset, found, target);
    }

    private Expression ParsePostfix()
    {
        var expression = ParsePrimary();
        while (true)
        {
            if (tokens.TryTake("."))
            {
                var name = Allowed(tokens.ExpectName("the name of a member"));
                expression = Member(expression, new ConstantExpression(name.Offset, name.Value));
            }
            else if (tokens.TryTake("["))
            {
                var target = expression;
                expression = Nested(() => ParseSubscript(target));
                tokens.Expect("]");
            }
            else if (tokens.TryTake("("))
            {
                state.Mutations.SawCallOf(expression);
                expression = new CallExpression(expression, Nested(ParseArguments));
            }
            else
            {
                return expression;
            }
        }
    }

    private MemberExpression Member(Expression target, Expression key)
    {
        var member = new MemberExpression(target, key);
        state.Mutations.Saw(member);
        return member;
    }

    private Expression ParseSubscript(Expression target)
    {
        var offset = tokens.Peek().Offset;
        var start = tokens.Peek().Is(":") ? null : ParseExpression();
        if (!tokens.TryTake(":"))
        {
            if (start is ConstantExpression { Value.PlainText: { } name } && RecordValue.IsReserved(name))
            {
                throw new TemplateFault($"The name \"{name}\" is reserved", TemplateErrorKind.Syntax, start.Offset);
            }

            return Member(target, start!);
        }

        var stop = tokens.Peek().Is(":") || tokens.Peek().Is("]") ? null : ParseExpression();
        var step = tokens.TryTake(":") && !tokens.Peek().Is("]") ? ParseExpression() : null;
        return new SliceExpression(offset, target, start, stop, step);
    }

    private Expression ParsePrimary()
    {
        var token = tokens.Peek();
        switch (token.Kind)
        {
            case TokenKind.Number:
                tokens.Take();
                return new ConstantExpression(token.Offset, NumberText.Parse(token.Value));
            case TokenKind.Text:
                tokens.Take();
                return new ConstantExpression(token.Offset, token.Value);
            case TokenKind.Pattern:
                tokens.Take();
                return ParsePattern(token);
            case TokenKind.Name:
                tokens.Take();
                return ParseName(token);
        }

        if (tokens.TryTake("("))
        {
            var items = Nested(() => ParseItems(")"));
            return items.Length > 0
                ? new GroupExpression(token.Offset, items)
                : throw new TemplateFault("Parentheses must not be empty", TemplateErrorKind.Syntax, token.Offset);
        }

        if (tokens.TryTake("["))
        {
            return new ListExpression(token.Offset, Nested(() => ParseItems("]")));
        }

        return tokens.TryTake("{")
            ? new RecordExpression(token.Offset, Nested(ParseEntries))
            : throw tokens.Fault($"Expected a value, found {token}");
    }

    private static PatternExpression ParsePattern(Token token)
    {
        try
        {
            return new PatternExpression(token.Offset, new Pattern(token.Value, token.Flags));
        }
        catch (ArgumentException exception)
        {
            throw new TemplateFault($"Not a regular expression: {exception.Message}", TemplateErrorKind.Syntax, token.Offset);
        }
    }

    private Expression ParseName(Token token)
    {
        switch (token.Value)
        {
            case "true" or "false":
                return new ConstantExpression(token.Offset, token.Value == "true");
            case "none" or "null":
                return new ConstantExpression(token.Offset, TemplateValue.Null);
            default:
                state.MentionsLoop |= token.Value == "loop";
                return new NameExpression(token.Offset, Allowed(token).Value, names.Find(token.Value));
        }
    }

    private Expression[] ParseItems(string end)
    {
        if (tokens.TryTake(end))
        {
            return [];
        }

        var items = new List<Expression>();
        do
        {
            items.Add(ParseExpression());
        }
        while (tokens.TryTake(","));
        tokens.Expect(end);
        return [.. items];
    }

    private KeyValuePair<string, Expression>[] ParseEntries()
    {
        if (tokens.TryTake("}"))
        {
            return [];
        }

        var entries = new List<KeyValuePair<string, Expression>>();
        do
        {
            var key = tokens.Peek();
            if (key.Kind is not (TokenKind.Text or TokenKind.Name) || (key.Kind is TokenKind.Name && IsLiteral(key.Value)))
            {
                throw tokens.Fault($"The key of a record must be a name or a text, found {key}");
            }

            Allowed(tokens.Take());
            tokens.Expect(":");
            entries.Add(KeyValuePair.Create(key.Value, ParseExpression()));
        }
        while (tokens.TryTake(","));
        tokens.Expect("}");
        return [.. entries];
    }

    public static bool IsLiteral(string name) => name is "true" or "false" or "null" or "none";
}
