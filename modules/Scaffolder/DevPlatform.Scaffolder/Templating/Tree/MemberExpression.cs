namespace DevPlatform.Scaffolder.Templating;

/// <summary><c>target.name</c> or <c>target[key]</c>.</summary>
internal sealed class MemberExpression(Expression target, Expression key) : Expression(key.Offset, Over(target, key))
{
    public Expression Target { get; } = target;

    /// <summary>The name when it is written in the template, null when it is computed.</summary>
    public string? Name { get; } = key is ConstantExpression constant ? Coercion.ToText(constant.Value) : null;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var value = Target.Evaluate(frame);
        var name = Name;
        if (name is null)
        {
            var computed = key.Evaluate(frame);
            if (value.AsList is { } list && computed.IsNumber && computed.RawNumber is var index && index >= 0
                && index < list.Items.Count && index == Math.Truncate(index))
            {
                return list.Items[(int)index];
            }

            name = Coercion.ToText(computed);
        }

        frame.Run.Return(Offset);
        return Members.Get(value, name, frame.Run.Options.CookiecutterCompat);
    }
}

/// <summary><c>target[start:stop:step]</c>, with Nunjucks' own idea of the bounds.</summary>
internal sealed class SliceExpression(int offset, Expression target, Expression? start, Expression? stop, Expression? step)
    : Expression(offset, Over(target, start, stop, step))
{
    public override TemplateValue Evaluate(Frame frame)
    {
        var run = frame.Run;
        run.At(Offset);
        var value = target.Evaluate(frame);
        if (value.AsFunction is not null)
        {
            throw new TemplateFault("A function cannot be sliced");
        }

        value = value.IsTruthy ? value : ListValue.Of([]);
        var length = Members.Own(value, "length");
        var from = start?.Evaluate(frame) ?? TemplateValue.Null;
        var to = stop?.Evaluate(frame) ?? TemplateValue.Null;
        var by = step?.Evaluate(frame) ?? 1;
        run.Return(Offset);
        if (Coercion.ToNumber(by) is var number && (!double.IsFinite(number) || number == 0))
        {
            throw new TemplateFault("The step of a slice must be a number other than 0");
        }

        var backwards = Coercion.Order(by, 0) < 0;
        from = from.Kind is TemplateValueKind.Null ? (backwards ? Coercion.ToNumber(length) - 1 : 0) : FromEnd(from, length);
        to = to.Kind is TemplateValueKind.Null ? (backwards ? -1 : length) : FromEnd(to, length);
        return ListValue.Of(Collect(run, value, length, from, to, by, backwards));
    }

    private static List<TemplateValue> Collect(
        RenderRun run, TemplateValue value, TemplateValue length, TemplateValue from, TemplateValue to, TemplateValue by, bool backwards)
    {
        var items = new List<TemplateValue>();
        for (var index = from; ; index = Coercion.Add(index, by, run))
        {
            var toEnd = Coercion.Order(index, to);
            if (Coercion.Order(index, 0) < 0 || Coercion.Order(index, length) > 0 || (backwards ? toEnd <= 0 : toEnd >= 0))
            {
                return items;
            }

            run.Step();
            items.Add(Members.Own(value, Coercion.ToText(index)));
        }
    }

    private static TemplateValue FromEnd(TemplateValue bound, TemplateValue length) =>
        Coercion.Order(bound, 0) < 0 ? Coercion.Add(bound, length) : bound;
}
