namespace DevPlatform.Scaffolder.Templating;

/// <summary>Something a template can call.</summary>
internal abstract class FunctionValue(string name) : TemplateObject(TemplateValueKind.Function)
{
    public string Name { get; } = name;

    public abstract TemplateValue Invoke(RenderRun run, CallArguments arguments);

    /// <summary>Members, for functions that are also objects.</summary>
    public virtual TemplateValue Member(string name) => default;
}

/// <summary>Evaluated arguments of a call.</summary>
internal readonly record struct CallArguments(TemplateValue[] Positional, KeyValuePair<string, TemplateValue>[] Keyword)
{
    public static CallArguments None { get; } = new([], []);

    public TemplateValue this[int index] => index < Positional.Length ? Positional[index] : default;

    /// <summary>Checks that there are no keywords and that the number of arguments fits.</summary>
    public void Expect(string name, int minimum, int maximum)
    {
        if (Keyword.Length > 0)
        {
            throw new TemplateFault($"{name}() takes no keyword arguments; found \"{Keyword[0].Key}\"");
        }

        if (Positional.Length < minimum || Positional.Length > maximum)
        {
            var expected = minimum == maximum ? $"{minimum}" : maximum == int.MaxValue ? $"at least {minimum}" : $"{minimum} to {maximum}";
            throw new TemplateFault($"{name}() takes {expected} arguments; found {Positional.Length}");
        }
    }
}

/// <summary>A function of the host.</summary>
internal sealed class HostFunction(string name, TemplateFunction function) : FunctionValue(name)
{
    public static TemplateValue Call(string name, TemplateFunction function, TemplateValue[] arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.AsFunction is not null)
            {
                throw new TemplateFault($"{name} cannot be given a function");
            }
        }

        try
        {
            return function(new TemplateArguments(arguments));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new TemplateFault($"{name} failed: {exception.Message}", TemplateErrorKind.Function);
        }
    }

    public override TemplateValue Invoke(RenderRun run, CallArguments arguments)
    {
        arguments.Expect(Name, 0, int.MaxValue);
        return Call(Name, function, arguments.Positional);
    }
}
