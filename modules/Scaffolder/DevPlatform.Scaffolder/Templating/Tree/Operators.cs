namespace DevPlatform.Scaffolder.Templating;

internal enum BinaryOperator
{
    Add,
    Concatenate,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

internal sealed class BinaryExpression(BinaryOperator operation, Expression left, Expression right) : Expression(left.Offset, Over(left, right))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var first = left.Evaluate(frame);
        var second = right.Evaluate(frame);
        frame.Run.Return(Offset);
        return operation switch
        {
            BinaryOperator.Add => Coercion.Add(first, second, frame.Run),
            BinaryOperator.Concatenate => Coercion.Concatenate(first, second, frame.Run),
            _ => Arithmetic.Apply(operation, Coercion.ToNumber(first), Coercion.ToNumber(second)),
        };
    }

    public override Expression Negate(int at) =>
        operation is BinaryOperator.Power ? base.Negate(at) : new BinaryExpression(operation, left.Negate(at), right);
}

internal static class Arithmetic
{
    public static double Apply(BinaryOperator operation, double left, double right) => operation switch
    {
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Remainder => left % right,
        _ => Power(left, right),
    };

    /// <summary><c>**</c>, which differs from IEEE pow for ±1 to the power of NaN or infinity.</summary>
    public static double Power(double left, double right) =>
        double.IsNaN(right) || (Math.Abs(left) == 1 && double.IsInfinity(right)) ? double.NaN : Math.Pow(left, right);
}

internal enum UnaryOperator
{
    Negate,
    Number,
    Floor,
}

internal sealed class UnaryExpression(int offset, UnaryOperator operation, Expression target) : Expression(offset, Over(target))
{
    public UnaryOperator Operation { get; } = operation;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var value = Coercion.ToNumber(target.Evaluate(frame));
        return Operation switch
        {
            UnaryOperator.Negate => -value,
            UnaryOperator.Floor => Math.Floor(value),
            _ => value,
        };
    }
}

internal sealed class NotExpression(int offset, Expression target) : Expression(offset, Over(target))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        return !target.Evaluate(frame).IsTruthy;
    }
}

/// <summary><c>and</c> and <c>or</c>: give one of the operands, as JavaScript does.</summary>
internal sealed class LogicalExpression(bool isOr, Expression left, Expression right) : Expression(left.Offset, Over(left, right))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var value = left.Evaluate(frame);
        return value.IsTruthy == isOr ? value : right.Evaluate(frame);
    }
}

internal sealed class ConditionalExpression(Expression condition, Expression value, Expression? otherwise)
    : Expression(value.Offset, Over(condition, value, otherwise))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        return condition.Evaluate(frame).IsTruthy ? value.Evaluate(frame) : otherwise?.Evaluate(frame) ?? "";
    }
}

/// <summary>A chain of comparisons, each comparing the result so far.</summary>
internal sealed class ComparisonExpression(Expression first, (string Operator, Expression Operand)[] rest)
    : Expression(first.Offset, Over([first, .. rest.Select(part => part.Operand)]))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var value = first.Evaluate(frame);
        foreach (var (operation, operand) in rest)
        {
            var right = operand.Evaluate(frame);
            frame.Run.Return(Offset);
            value = Compare(operation, value, right);
        }

        return value;
    }

    public override Expression Negate(int at) => new ComparisonExpression(first.Negate(at), rest);

    private static bool Compare(string operation, TemplateValue left, TemplateValue right) => operation switch
    {
        "==" => Coercion.LooseEquals(left, right),
        "!=" => !Coercion.LooseEquals(left, right),
        "===" => TemplateValue.StrictEquals(left, right),
        "!==" => !TemplateValue.StrictEquals(left, right),
        "<" => Coercion.Order(left, right) < 0,
        "<=" => Coercion.Order(left, right) <= 0,
        ">" => Coercion.Order(left, right) > 0,
        _ => Coercion.Order(left, right) >= 0,
    };
}

/// <summary><c>in</c>.</summary>
internal sealed class MembershipExpression(Expression item, Expression container) : Expression(item.Offset, Over(item, container))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var needle = item.Evaluate(frame);
        var value = container.Evaluate(frame);
        frame.Run.Return(Offset);
        if (value.PlainText is { } text)
        {
            return text.Contains(Coercion.ToText(needle), StringComparison.Ordinal);
        }

        if (value.AsList is { } list)
        {
            return list.Items.Exists(entry => TemplateValue.StrictEquals(entry, needle));
        }

        if (value.AsRecord is { } record)
        {
            return record.Has(Coercion.ToText(needle));
        }

        return value.IsSafeText
            ? Coercion.ToText(needle) is "length" or "val"
            : throw new TemplateFault($"\"in\" looks into lists, records and texts, not into {Members.KindName(value)}");
    }
}
