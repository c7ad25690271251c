namespace DevPlatform.Scaffolder.Templating;

/// <summary>Parses expressions: operators and their precedence, which is Nunjucks' own. Operands are in the other part.</summary>
internal sealed partial class ExpressionParser(TagReader tokens, NameRegion names, ParseState state)
{
    /// <summary>Parses an expression that ends the tag.</summary>
    public Expression ParseToEnd()
    {
        var expression = ParseExpression();
        tokens.ExpectEnd();
        return expression;
    }

    public Expression ParseExpression()
    {
        var value = ParseOr();
        if (!tokens.TryTakeName("if"))
        {
            return Checked(value);
        }

        var condition = ParseOr();
        var otherwise = tokens.TryTakeName("else") ? Nested(ParseOr) : null;
        return Checked(new ConditionalExpression(condition, value, otherwise));
    }

    private Expression Checked(Expression expression) => expression.Depth > state.Limits.Nesting * 4
        ? throw new TemplateFault($"An expression may nest at most {state.Limits.Nesting * 4} levels", TemplateErrorKind.Limit, expression.Offset)
        : expression;

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TryTakeName("or"))
        {
            left = new LogicalExpression(isOr: true, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TryTakeName("and"))
        {
            left = new LogicalExpression(isOr: false, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        var offset = tokens.Peek().Offset;
        return tokens.TryTakeName("not") ? Checked(Nested(ParseNot)).Negate(offset) : ParseMembership();
    }

    private Expression ParseMembership()
    {
        var left = ParseTest();
        while (true)
        {
            var offset = left.Offset;
            if (tokens.Peek().IsName("not") && tokens.Peek(1).IsName("in"))
            {
                tokens.Take();
                tokens.Take();
                left = new NotExpression(offset, new MembershipExpression(left, ParseTest()));
            }
            else if (tokens.TryTakeName("in"))
            {
                left = new MembershipExpression(left, ParseTest());
            }
            else
            {
                return left;
            }
        }
    }

    private Expression ParseTest()
    {
        var left = ParseEquality();
        if (!tokens.TryTakeName("is"))
        {
            return left;
        }

        var negated = tokens.TryTakeName("not");
        var right = ParseEquality();
        var (name, arguments) = right switch
        {
            CallExpression call => (TestName(call.Target), call.Arguments),
            FilterExpression filter => (filter.Name, filter.Arguments with { Positional = [filter.Input, .. filter.Arguments.Positional] }),
            _ => (TestName(right), ArgumentList.Empty),
        };
        Expression test = new TestExpression(right.Offset, left, name, arguments);
        return negated ? new NotExpression(left.Offset, test) : test;
    }

    /// <summary>Anything but a name or a literal makes Nunjucks look for a test called "undefined".</summary>
    private static string TestName(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        ConstantExpression constant => Coercion.ToText(constant.Value),
        PatternExpression pattern => pattern.Pattern.ToString(),
        _ => "undefined",
    };

    private Expression ParseEquality() => ParseComparison(["==", "===", "!=", "!=="], () => ParseComparison(["<", "<=", ">", ">="], ParseAdditive));

    private Expression ParseComparison(string[] operators, Func<Expression> operand)
    {
        var first = operand();
        List<(string, Expression)>? rest = null;
        while (tokens.Peek() is { Kind: TokenKind.Operator } token && operators.Contains(token.Value))
        {
            tokens.Take();
            (rest ??= []).Add((token.Value, operand()));
        }

        return rest is null ? first : new ComparisonExpression(first, [.. rest]);
    }

    private Expression ParseAdditive()
    {
        var left = ParseMultiplicative();
        while (true)
        {
            BinaryOperator? operation = tokens.TryTake("+") ? BinaryOperator.Add
                : tokens.TryTake("-") ? BinaryOperator.Subtract
                : tokens.TryTake("~") ? BinaryOperator.Concatenate
                : null;
            if (operation is not { } found)
            {
                return left;
            }

            left = new BinaryExpression(found, left, ParseMultiplicative());
        }
    }

    /// <summary>
    /// <c>*</c>, <c>/</c>, <c>//</c> and <c>%</c> bind tighter in this order, but Nunjucks writes no parentheses, so what is at one level
    /// is computed from left to right. Only <c>//</c> has parentheses: those of its <c>Math.floor()</c>.
    /// </summary>
    private Expression ParseMultiplicative() => Fold(ParseProduct());

    private Chain ParseProduct() => ParseChain("*", BinaryOperator.Multiply, () => ParseChain("/", BinaryOperator.Divide, ParseFloors));

    private Chain ParseFloors()
    {
        var chain = ParseRemainders();
        while (tokens.TryTake("//"))
        {
            chain.Append(BinaryOperator.Divide, ParseRemainders());
            var quotient = Fold(chain);
            chain = new Chain(new UnaryExpression(quotient.Offset, UnaryOperator.Floor, quotient));
        }

        return chain;
    }

    private Chain ParseRemainders() => ParseChain("%", BinaryOperator.Remainder, () => new Chain(ParsePower()));

    private Chain ParseChain(string token, BinaryOperator operation, Func<Chain> operand)
    {
        var chain = operand();
        while (tokens.TryTake(token))
        {
            chain.Append(operation, operand());
        }

        return chain;
    }

    private static Expression Fold(Chain chain) =>
        chain.Rest.Aggregate(chain.First, (left, next) => new BinaryExpression(next.Operation, left, next.Operand));

    private Expression ParsePower()
    {
        var left = ParseFiltered();
        while (tokens.TryTake("**"))
        {
            left = new BinaryExpression(BinaryOperator.Power, left, ParseFiltered());
        }

        return left;
    }

    private T Nested<T>(Func<T> parse) => state.Nested(parse, tokens.Peek().Offset);

    /// <summary>Operands with operators between them, not yet grouped.</summary>
    private sealed class Chain(Expression first)
    {
        public Expression First { get; } = first;

        public List<(BinaryOperator Operation, Expression Operand)> Rest { get; } = [];

        public void Append(BinaryOperator operation, Chain operand)
        {
            Rest.Add((operation, operand.First));
            Rest.AddRange(operand.Rest);
        }
    }
}
