namespace DevPlatform.Scaffolder.Templating;

/// <summary>A macro, or the body of a call block. Positional parameters have a place; those with a default are found by name.</summary>
internal sealed record MacroDefinition(string Name, SetTarget[] Parameters, KeyValuePair<string, Expression>[] Defaults, Body Body, FrameLayout Layout)
{
    public bool Declares(string name) => Parameters.Any(p => p.Name == name) || Defaults.Any(d => d.Key == name);
}

internal sealed class MacroValue(MacroDefinition definition, Scope scope, SlotFrame? outer, Scope exports) : FunctionValue(definition.Name)
{
    public bool IsCaller => outer is not null;

    public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
    {
        run.EnterCall();
        var frame = new Frame(run, scope.Child(isolated: true), new SlotFrame(definition.Layout.Count, outer), exports, !IsCaller, false);
        Bind(frame, arguments);
        var text = run.Capture(definition.Body, frame);
        run.LeaveCall();
        return TemplateValue.Safe(text);
    }

    private void Bind(Frame frame, CallArguments arguments)
    {
        var (positional, keyword) = Distribute(arguments);
        for (var index = 0; index < definition.Parameters.Length; index++)
        {
            var parameter = definition.Parameters[index];
            var value = index < positional.Count ? positional[index] : default;
            frame.Scope.Set(parameter.Name, value);
            frame.Slots[parameter.Slot!.Value] = value;
        }

        foreach (var (name, defaultValue) in definition.Defaults)
        {
            frame.Scope.Set(name, keyword.TryGetValue(name, out var given) ? given : defaultValue.Evaluate(frame));
        }

        if (!definition.Declares("caller") && keyword.TryGetValue("caller", out var caller))
        {
            frame.Scope.Set("caller", caller);
        }
    }

    /// <summary>Surplus positional arguments fill the defaults in order; missing ones come from keywords.</summary>
    private (List<TemplateValue> Positional, Dictionary<string, TemplateValue> Keyword) Distribute(CallArguments arguments)
    {
        var positional = arguments.Positional.ToList();
        var keyword = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments.Keyword)
        {
            keyword[name] = value;
        }

        var expected = definition.Parameters.Length;
        for (var index = expected; index < positional.Count && index - expected < definition.Defaults.Length; index++)
        {
            keyword[definition.Defaults[index - expected].Key] = positional[index];
        }

        for (var index = positional.Count; index < expected; index++)
        {
            keyword.Remove(definition.Parameters[index].Name, out var value);
            positional.Add(value);
        }

        return (positional, keyword);
    }
}

internal sealed class MacroStatement(int offset, MacroDefinition definition, Slot slot) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        var macro = TemplateValue.Object(new MacroValue(definition, frame.Exports, null, frame.Exports));
        frame.Slots[slot] = macro;
        if (frame.ExportsMacros)
        {
            frame.Exports.Set(definition.Name, macro);
        }
    }
}

/// <summary><c>call</c>: calls a macro that finds the body as <c>caller()</c>.</summary>
internal sealed class CallBlockStatement(int offset, CallExpression call, MacroDefinition caller) : Statement(offset)
{
    public override void Render(Frame frame)
    {
        frame.Run.At(Offset);
        if (call.Target.Evaluate(frame).AsFunction is not MacroValue { IsCaller: false } macro)
        {
            throw new TemplateFault("A call block can call only macros of the template");
        }

        var arguments = call.Arguments.Evaluate(frame);
        var body = TemplateValue.Object(new MacroValue(caller, frame.Scope, frame.Slots, frame.Exports));
        var keyword = arguments.Keyword.Append(KeyValuePair.Create("caller", body));
        frame.Run.Return(Offset);
        frame.Run.Write(Coercion.Render(macro.Invoke(frame.Run, new CallArguments(arguments.Positional, [.. keyword]))));
    }
}
