namespace DevPlatform.Scaffolder.Templating;

/// <summary>Arguments as written.</summary>
internal sealed record ArgumentList(Expression[] Positional, KeyValuePair<string, Expression>[] Keyword)
{
    public static ArgumentList Empty { get; } = new([], []);

    public IEnumerable<Expression> All => Positional.Concat(Keyword.Select(entry => entry.Value));

    public CallArguments Evaluate(Frame frame)
    {
        var positional = Positional.Length == 0 ? [] : new TemplateValue[Positional.Length];
        for (var index = 0; index < positional.Length; index++)
        {
            positional[index] = Positional[index].Evaluate(frame);
        }

        var keyword = Keyword.Length == 0 ? [] : new KeyValuePair<string, TemplateValue>[Keyword.Length];
        for (var index = 0; index < keyword.Length; index++)
        {
            keyword[index] = KeyValuePair.Create(Keyword[index].Key, Keyword[index].Value.Evaluate(frame));
        }

        return new CallArguments(positional, keyword);
    }
}

internal sealed class CallExpression(Expression target, ArgumentList arguments) : Expression(target.Offset, Over([target, .. arguments.All]))
{
    public Expression Target { get; } = target;

    public ArgumentList Arguments { get; } = arguments;

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var value = Target.Evaluate(frame);
        if (value.AsFunction is not { } function)
        {
            throw new TemplateFault($"{Describe(Target) ?? "The expression"} is {Members.KindName(value)} and cannot be called");
        }

        var evaluated = Arguments.Evaluate(frame);
        frame.Run.Return(Offset);
        return function.Invoke(frame.Run, evaluated);
    }

    private static string? Describe(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        MemberExpression { Name: { } member } path when Describe(path.Target) is { } target => $"{target}.{member}",
        _ => null,
    };
}

internal sealed class FilterExpression(int offset, string name, Expression input, ArgumentList arguments)
    : Expression(offset, Over([input, .. arguments.All]))
{
    public string Name { get; } = name;

    public Expression Input { get; } = input;

    public ArgumentList Arguments { get; } = arguments;

    public override TemplateValue Evaluate(Frame frame)
    {
        var run = frame.Run;
        run.At(Offset);
        var isHost = run.Options.Filters.TryGetValue(Name, out var host);
        var builtIn = isHost ? null : Filters.Find(Name, run.Options.CookiecutterCompat)
            ?? throw new TemplateFault($"There is no filter \"{Name}\"");
        var value = Input.Evaluate(frame);
        var evaluated = Arguments.Evaluate(frame);
        run.Return(Offset);
        if (isHost)
        {
            evaluated.Expect($"The filter \"{Name}\"", 0, int.MaxValue);
            return HostFunction.Call($"The filter \"{Name}\"", host!, [value, .. evaluated.Positional]);
        }

        try
        {
            return builtIn!(FilterCall.Create(run, Name, value, evaluated));
        }
        catch (TemplateFault fault) when (fault.Kind is not TemplateErrorKind.Limit)
        {
            throw new TemplateFault($"The filter \"{Name}\" failed for {Members.KindName(value)}: {fault.Message}", fault.Kind);
        }
    }
}

/// <summary><c>is</c>. The test is found while parsing, but an unknown one is an error only when it is evaluated.</summary>
internal sealed class TestExpression(int offset, Expression left, string name, ArgumentList arguments)
    : Expression(offset, Over([left, .. arguments.All]))
{
    private readonly TestFunction? _test = Tests.Find(name);

    public override TemplateValue Evaluate(Frame frame)
    {
        frame.Run.At(Offset);
        var test = _test ?? throw new TemplateFault($"There is no test \"{name}\"");
        if (arguments.Keyword.Length > 0 || arguments.Positional.Length != test.Arity)
        {
            throw new TemplateFault($"The test \"{name}\" takes {test.Arity} arguments");
        }

        var value = left.Evaluate(frame);
        var argument = test.Arity == 0 ? default : arguments.Positional[0].Evaluate(frame);
        frame.Run.Return(Offset);
        return value.AsFunction is null || test.TakesFunctions
            ? test.Apply(value, argument)
            : throw new TemplateFault($"The test \"{name}\" cannot be applied to a function");
    }
}
