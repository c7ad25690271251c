using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Jinja's filters that older templates use and today's engine lacks.</summary>
internal static class OlderFilters
{
    public static Dictionary<string, FilterFunction> All { get; } = new(StringComparer.Ordinal)
    {
        ["count"] = call => call.Input.AsText?.Length ?? call.Input.AsList?.Items.Count ?? call.Input.AsRecord?.Count ?? 0,
        ["format"] = Format,
        ["items"] = call => call.Input.AsRecord is { } record
            ? ListValue.Of(record.Entries.Select(entry => ListValue.Of([entry.Key, entry.Value])))
            : throw new TemplateFault("a record is needed"),
        ["map"] = Map,
        ["max"] = call => Extreme(call, wanted: 1),
        ["min"] = call => Extreme(call, wanted: -1),
        ["tojson"] = call => JsonText.Of(call.Input, "", call.Run),
        ["unique"] = Unique,
    };

    /// <summary><c>map("upper")</c>, <c>map("name")</c> or <c>map(attribute="name")</c>: a filter when there is one of that name.</summary>
    private static TemplateValue Map(FilterCall call)
    {
        var values = call.Sequence() ?? throw new TemplateFault("a list is needed");
        var keywords = call.Arguments is [.., { AsRecord: { } record }] && record.Has("__keywords") ? record : RecordValue.Empty;
        if (keywords.TryGet("attribute", out var attribute))
        {
            var path = Attributes.PathOf(attribute);
            return ListValue.Of(values.Select(value => Attributes.Path(value, path) is { IsUndefined: false } found ? found : keywords["default"]));
        }

        var name = Attributes.Name(call[0]);
        var filter = Filters.Find(name, call.Run.Options.CookiecutterCompat);
        var rest = call.Arguments.Skip(1).ToArray();
        return ListValue.Of(values.Select(value =>
        {
            call.Run.Step();
            return call.Run.Options.Filters.TryGetValue(name, out var host) ? HostFunction.Call($"The filter \"{name}\"", host, [value, .. rest])
                : filter is not null ? filter(new FilterCall(call.Run, value, rest))
                : Attributes.Direct(value, name);
        }));
    }

    private static TemplateValue Unique(FilterCall call)
    {
        var kept = new List<TemplateValue>();
        var primitives = new HashSet<(TemplateValueKind, string)>();
        foreach (var value in call.Sequence() ?? throw new TemplateFault("a list is needed"))
        {
            call.Run.Step();
            var isObject = value.AsList is not null || value.AsRecord is not null;
            if (isObject ? !kept.Exists(other => TemplateValue.StrictEquals(value, other)) : primitives.Add((value.Kind, Coercion.ToText(value))))
            {
                kept.Add(value);
            }
        }

        return ListValue.Of(kept);
    }

    private static TemplateValue Extreme(FilterCall call, int wanted) => (call.Sequence() ?? throw new TemplateFault("a list is needed"))
        .Aggregate(default(TemplateValue), (best, next) => best.IsUndefined || Coercion.Order(next, best) * wanted > 0 ? next : best);

    /// <summary><c>%s</c>, <c>%d</c>, <c>%f</c> (with width and precision) and <c>%%</c>.</summary>
    private static TemplateValue Format(FilterCall call)
    {
        var format = call.StrictText();
        var output = new StringBuilder();
        var argument = 0;
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%')
            {
                output.Append(format[index]);
                continue;
            }

            var end = index + 1;
            while (end < format.Length && (char.IsAsciiDigit(format[end]) || format[end] is '.' or '-'))
            {
                end++;
            }

            var specification = format[(index + 1)..end];
            output.Append(end < format.Length ? Formatted(format[end]) : throw Unknown("%"));
            index = end;

            string Formatted(char kind) => kind switch
            {
                '%' => "%",
                's' => Padded(specification, Coercion.ToText(call[argument++])),
                'd' or 'i' => Padded(specification, NumberText.Format(Math.Truncate(Coercion.ToNumber(call[argument++])))),
                'f' => Padded(specification, ExactNumber.Fixed(Coercion.ToNumber(call[argument++]), Precision(specification))),
                _ => throw Unknown($"%{kind}"),
            };
        }

        return call.LikeInput(output.ToString());
    }

    private static TemplateFault Unknown(string found) => new($"it knows %s, %d, %f and %%, not \"{found}\"");

    private static int Precision(string specification) =>
        specification.Split('.') is [_, var digits, ..] && int.TryParse(digits, out var precision) ? precision : 6;

    private static string Padded(string specification, string text)
    {
        var widthText = specification.Split('.')[0];
        if (!int.TryParse(widthText, out var width))
        {
            return text;
        }

        width = Math.Clamp(width, -1000, 1000);
        var padding = widthText.StartsWith('0') ? '0' : ' ';
        return width < 0 ? text.PadRight(-width) : text.PadLeft(width, padding);
    }
}
