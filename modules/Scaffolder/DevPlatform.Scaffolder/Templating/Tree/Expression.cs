namespace DevPlatform.Scaffolder.Templating;

/// <summary>Part of a compiled template that has a value.</summary>
/// <param name="offset">Where it stands, for errors.</param>
/// <param name="depth">Levels of expressions from here down.</param>
internal abstract class Expression(int offset, int depth)
{
    public int Offset { get; } = offset;

    public int Depth { get; } = depth;

    public abstract TemplateValue Evaluate(Frame frame);

    /// <summary>
    /// This expression after <c>not</c>. Nunjucks compiles <c>not</c> to a prefix of the JavaScript text, so before arithmetic and
    /// comparisons it applies to the leftmost operand only.
    /// </summary>
    public virtual Expression Negate(int at) => new NotExpression(at, this);

    protected static int Over(params ReadOnlySpan<Expression?> children)
    {
        var depth = 0;
        foreach (var child in children)
        {
            depth = Math.Max(depth, child?.Depth ?? 0);
        }

        return depth + 1;
    }
}

internal sealed class ConstantExpression(int offset, TemplateValue value) : Expression(offset, 1)
{
    public TemplateValue Value { get; } = value;

    public override TemplateValue Evaluate(Frame frame) => Value;
}

internal sealed class PatternExpression(int offset, Pattern pattern) : Expression(offset, 1)
{
    public Pattern Pattern { get; } = pattern;

    public override TemplateValue Evaluate(Frame frame) => TemplateValue.Object(new PatternValue(Pattern));
}

internal sealed class NameExpression(int offset, string name, Slot? slot) : Expression(offset, 1)
{
    public string Name { get; } = name;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        if (slot is { } place)
        {
            return frame.Slots[place];
        }

        return frame.Scope.TryGet(Name, out var value) ? value : frame.Run.Global(Name);
    }
}

internal sealed class ListExpression(int offset, Expression[] items) : Expression(offset, Over(items))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        frame.Run.Allocate(items.Length);
        var values = new List<TemplateValue>(items.Length);
        foreach (var item in items)
        {
            values.Add(item.Evaluate(frame));
        }

        return ListValue.Of(values);
    }
}

internal sealed class RecordExpression(int offset, KeyValuePair<string, Expression>[] entries)
    : Expression(offset, Over([.. entries.Select(entry => entry.Value)]))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        frame.Run.Allocate(entries.Length);
        return RecordValue.Of(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Evaluate(frame))));
    }
}

/// <summary>Parentheses; of several expressions the last one counts.</summary>
internal sealed class GroupExpression(int offset, Expression[] items) : Expression(offset, Over(items))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        TemplateValue value = default;
        foreach (var item in items)
        {
            value = item.Evaluate(frame);
        }

        return value;
    }
}

/// <summary>The output of a piece of template as text: what a filter block filters.</summary>
internal sealed class CaptureExpression(int offset, Body body) : Expression(offset, 1)
{
    public override TemplateValue Evaluate(Frame frame) => frame.Run.Capture(body, frame with { Scope = frame.Scope.Child() });
}
