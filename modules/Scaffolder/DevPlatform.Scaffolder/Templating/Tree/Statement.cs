namespace DevPlatform.Scaffolder.Templating;

/// <summary>Part of a compiled template that writes output or changes names.</summary>
internal abstract class Statement(int offset)
{
    public int Offset { get; } = offset;

    public abstract void Render(Frame frame);
}

internal sealed class Body(Statement[] statements)
{
    public static Body Empty { get; } = new([]);

    public bool IsEmpty => statements.Length == 0;

    /// <summary>The expression of the one tag <c>${{ }}</c> this body consists of, if it does.</summary>
    public Expression? SoleExpression => statements is [OutputStatement output] ? output.Expression : null;

    public void Render(Frame frame)
    {
        foreach (var statement in statements)
        {
            statement.Render(frame);
        }
    }
}

internal sealed class TextStatement(int offset, string text) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        frame.Run.Write(text);
    }
}

internal sealed class OutputStatement(int offset, Expression expression) : Statement(offset)
{
    public Expression Expression { get; } = expression;

    public override void Render(Frame frame)
    {
        var value = Expression.Evaluate(frame);
        frame.Run.At(Expression.Offset);
        frame.Run.Write(Coercion.Render(value));
    }
}

internal sealed class IfStatement(int offset, Expression condition, Body body, Body? otherwise) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        if (condition.Evaluate(frame).IsTruthy)
        {
            body.Render(frame);
        }
        else
        {
            otherwise?.Render(frame);
        }
    }
}

/// <summary>A case without content falls through to the next one.</summary>
internal sealed class SwitchStatement(int offset, Expression expression, (Expression Value, Body Body)[] cases, Body? otherwise)
    : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        var value = expression.Evaluate(frame);
        var matched = false;
        foreach (var (candidate, body) in cases)
        {
            matched = matched || TemplateValue.StrictEquals(value, candidate.Evaluate(frame));
            if (matched && !body.IsEmpty)
            {
                body.Render(frame);
                return;
            }
        }

        otherwise?.Render(frame);
    }
}

internal sealed record SetTarget(string Name, Slot? Slot);

/// <summary><c>set</c> with a value, or with a body whose output is the value.</summary>
internal sealed class SetStatement(int offset, SetTarget[] targets, Expression? expression, Body? body) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        TemplateValue value = expression?.Evaluate(frame) ?? frame.Run.Capture(body!, frame);
        foreach (var target in targets)
        {
            frame.Scope.Assign(target.Name, value);
            if (target.Slot is { } slot)
            {
                frame.Slots[slot] = value;
            }

            if (frame.ExportsSets)
            {
                frame.Exports.Set(target.Name, value);
            }
        }
    }
}

/// <summary><c>block</c>: renders in place. Assignments inside stay inside.</summary>
internal sealed class BlockStatement(int offset, Body body, FrameLayout layout) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        body.Render(new Frame(frame.Run, frame.Scope.Child(isolated: true), new SlotFrame(layout.Count), frame.Exports, true, false));
    }
}
