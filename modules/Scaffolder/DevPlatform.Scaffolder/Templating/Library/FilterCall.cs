namespace DevPlatform.Scaffolder.Templating;

internal delegate TemplateValue FilterFunction(FilterCall call);

/// <summary>A built-in filter's input and arguments.</summary>
internal readonly record struct FilterCall(RenderRun Run, TemplateValue Input, TemplateValue[] Arguments)
{
    public TemplateValue this[int index] => index < Arguments.Length ? Arguments[index] : default;

    /// <summary>
    /// Nunjucks hands keyword arguments over as a last positional record; only <c>int</c> and <c>sort</c> know the names of theirs.
    /// </summary>
    public static FilterCall Create(RenderRun run, string name, TemplateValue input, CallArguments arguments)
    {
        foreach (var value in arguments.Positional.Append(input).Concat(arguments.Keyword.Select(entry => entry.Value)))
        {
            if (value.AsFunction is not null || value.AsRecord is { HoldsFunction: true })
            {
                throw new TemplateFault("a function cannot be filtered");
            }
        }

        var positional = arguments.Positional;
        string[]? names = name switch
        {
            "int" => ["default", "base"],
            "sort" => ["reverse", "case_sensitive", "attribute"],
            _ => null,
        };
        if (names is not null)
        {
            positional = [.. positional.Take(names.Length), .. names.Skip(positional.Length).Select(key => Last(arguments, key))];
        }
        else if (arguments.Keyword.Length > 0)
        {
            positional = [.. positional, RecordValue.Of(arguments.Keyword.Append(KeyValuePair.Create("__keywords", TemplateValue.True)))];
        }

        return new FilterCall(run, input, positional);
    }

    /// <summary>The input as text; nothing and false are the empty text, other values are refused.</summary>
    public string Text() => Input.AsText ?? (Input.IsNullish || (Input.IsBoolean && !Input.IsTruthy) ? "" : StrictText());

    public string StrictText() => Input.AsText ?? throw new TemplateFault("a text is needed");

    /// <summary>A result that is safe when the input was.</summary>
    public TemplateValue LikeInput(string text)
    {
        Run.Allocate(text.Length);
        return Input.IsSafeText ? TemplateValue.Safe(text) : text;
    }

    /// <summary>Entries of a list or characters of a text, else null.</summary>
    public List<TemplateValue>? Sequence()
    {
        var items = Input.AsList?.Items.ToList() ?? Input.AsText?.Select(character => (TemplateValue)character.ToString()).ToList();
        Run.Allocate(items?.Count ?? 0);
        return items;
    }

    /// <summary>As <see cref="Sequence"/>; a record counts as the list its <c>length</c> and indices describe.</summary>
    public List<TemplateValue>? SequenceOrArrayLike() => Input.AsRecord is { } record ? ArrayLike(record) : Sequence();

    public List<TemplateValue> List() => Input.AsList?.Items ?? throw new TemplateFault("a list is needed");

    public void NeedsValue()
    {
        if (Input.IsNullish)
        {
            throw new TemplateFault("a list or text is needed");
        }
    }

    private static TemplateValue Last(CallArguments arguments, string key) => Array.FindLast(arguments.Keyword, entry => entry.Key == key).Value;

    private List<TemplateValue> ArrayLike(RecordValue record)
    {
        var length = Coercion.ToNumber(record["length"]);
        var count = length > 0 ? Math.Ceiling(length) : 0;
        ListValue.CheckCount(count);
        Run.Allocate((long)count);
        return [.. Enumerable.Range(0, (int)count).Select(index => record[NumberText.Format(index)])];
    }
}

/// <summary>Attributes by name, as filters take them.</summary>
internal static class Attributes
{
    /// <summary>One member. The value must not be nothing.</summary>
    public static TemplateValue Direct(TemplateValue value, string name) =>
        value.IsNullish ? throw Nothing(name) : Members.Own(value, name);

    /// <summary>The members <c>a.b.c</c>, undefined as soon as one is missing.</summary>
    public static TemplateValue Path(TemplateValue value, string[] path)
    {
        foreach (var name in path)
        {
            if (value.IsNullish)
            {
                throw Nothing(name);
            }

            if (!Members.Has(value, name))
            {
                return default;
            }

            value = Members.Own(value, name);
        }

        return value;
    }

    public static string Name(TemplateValue value) => Allowed(Coercion.ToText(value));

    public static string[] PathOf(TemplateValue value) => !value.IsTruthy ? []
        : value.PlainText is { } text ? [.. text.Split('.').Select(Allowed)] : [Name(value)];

    private static string Allowed(string name) => RecordValue.IsReserved(name) ? throw new TemplateFault($"the attribute \"{name}\" is reserved") : name;

    private static TemplateFault Nothing(string name) => new($"the attribute \"{name}\" of nothing cannot be read");
}
