namespace DevPlatform.Scaffolder.Templating;

/// <summary>What <see cref="ForStatement"/> was parsed from.</summary>
/// <param name="Targets">Loop variables and their places.</param>
/// <param name="Source">What is looped over.</param>
/// <param name="LengthSlot">Keeps the last length: <c>else</c> of a loop over nothing looks at it, as in Nunjucks.</param>
/// <param name="UsesLoop">Whether the body mentions <c>loop</c>.</param>
internal sealed record ForLoop(SetTarget[] Targets, Expression Source, Slot LengthSlot, Body Body, Body? Otherwise, bool UsesLoop);

internal sealed class ForStatement(int offset, ForLoop loop) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        var source = loop.Source.Evaluate(frame);
        frame.Run.Return(Offset);
        var inner = frame with { Scope = frame.Scope.Child(), ExportsMacros = false, ExportsSets = false };
        var length = LengthOf(source);
        if (source.IsTruthy)
        {
            frame.Slots[loop.LengthSlot] = length;
        }

        var known = frame.Slots[loop.LengthSlot];
        var total = Coercion.ToNumber(known);
        for (var index = 0; index < EntryCount(source); index++)
        {
            frame.Run.At(Offset);
            Bind(inner, source, index);
            if (loop.UsesLoop)
            {
                inner.Scope.Set("loop", LoopRecord(index, total, known));
            }

            loop.Body.Render(inner);
        }

        if (!known.IsTruthy)
        {
            loop.Otherwise?.Render(inner);
        }
    }

    private static TemplateValue LoopRecord(int index, double total, TemplateValue length) => RecordValue.Of(
        KeyValuePair.Create("index", (TemplateValue)(index + 1)),
        KeyValuePair.Create("index0", (TemplateValue)index),
        KeyValuePair.Create("revindex", (TemplateValue)(total - index)),
        KeyValuePair.Create("revindex0", (TemplateValue)(total - index - 1)),
        KeyValuePair.Create("first", (TemplateValue)(index == 0)),
        KeyValuePair.Create("last", (TemplateValue)(index == total - 1)),
        KeyValuePair.Create("length", length));

    private bool IsSingle => loop.Targets.Length == 1;

    private TemplateValue LengthOf(TemplateValue source)
    {
        if (source.AsList is { } list)
        {
            return list.Items.Count;
        }

        if (source.AsText is { } text)
        {
            return text.Length;
        }

        // With one variable a record counts only when it looks like an array.
        return source.AsRecord is { } record ? (IsSingle ? record["length"] : record.Count) : IsSingle ? default(TemplateValue) : 0;
    }

    /// <summary>Asked before each round: a body may change the list it loops over.</summary>
    private double EntryCount(TemplateValue source) => source.AsFunction is null ? Coercion.ToNumber(LengthOf(source)) : 0;

    private void Bind(Frame frame, TemplateValue source, int index)
    {
        if (IsSingle)
        {
            var value = source.AsList?.Items[index] ?? Members.Own(source, NumberText.Format(index));
            frame.Scope.Set(loop.Targets[0].Name, value);
            frame.Slots[loop.Targets[0].Slot!.Value] = value;
        }
        else if (source.AsList is not null || source.IsSafeText)
        {
            var entry = Members.Own(source, NumberText.Format(index));
            for (var position = 0; position < loop.Targets.Length; position++)
            {
                frame.Slots[loop.Targets[position].Slot!.Value] = Part(entry, position);
            }
        }
        else
        {
            var (key, value) = source.AsRecord?.EntryAt(index)
                ?? KeyValuePair.Create(NumberText.Format(index), Members.Own(source, NumberText.Format(index)));
            BindPair(frame, 0, key);
            BindPair(frame, 1, value);
        }
    }

    private void BindPair(Frame frame, int position, TemplateValue value)
    {
        frame.Scope.Set(loop.Targets[position].Name, value);
        frame.Slots[loop.Targets[position].Slot!.Value] = value;
    }

    private static TemplateValue Part(TemplateValue entry, int position) => entry.IsNullish
        ? throw new TemplateFault("An entry that is nothing cannot be split into several loop variables")
        : entry.IsSafeText ? default : Members.Own(entry, NumberText.Format(position));
}
