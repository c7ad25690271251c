using System.Security.Cryptography;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>Filters over lists and records.</summary>
internal static class ListFilters
{
    public static Dictionary<string, FilterFunction> All { get; } = new(StringComparer.Ordinal)
    {
        ["batch"] = Batch,
        ["dictsort"] = DictSort,
        ["first"] = call => Edge(call, last: false),
        ["groupby"] = GroupBy,
        ["join"] = Join,
        ["last"] = call => Edge(call, last: true),
        ["list"] = List,
        ["random"] = Random,
        ["reject"] = call => Select(call, wanted: false),
        ["rejectattr"] = call => SelectByAttribute(call, wanted: false),
        ["reverse"] = Reverse,
        ["select"] = call => Select(call, wanted: true),
        ["selectattr"] = call => SelectByAttribute(call, wanted: true),
        ["slice"] = Slice,
        ["sort"] = Sort,
        ["sum"] = Sum,
    };

    private static int Count(TemplateValue value, string what) => Coercion.ToInteger(value) is var number && number is >= 1 and <= 9007199254740991
        ? (int)Math.Min(number, ListValue.MaximumCount)
        : throw new TemplateFault($"{what} must be a positive integer");

    private static TemplateValue Batch(FilterCall call)
    {
        call.NeedsValue();
        var size = Count(call[0], "the size of a batch");
        if (call.SequenceOrArrayLike() is not { } values)
        {
            return ListValue.Of([]);
        }

        var rows = values.Chunk(size).Select(row => row.ToList()).ToList();
        if (rows.Count > 0 && call[1].IsTruthy)
        {
            call.Run.Allocate(size);
            rows[^1].AddRange(Enumerable.Repeat(call[1], size - rows[^1].Count));
        }

        return ListValue.Of(rows.Select(ListValue.Of));
    }

    private static TemplateValue DictSort(FilterCall call)
    {
        var record = call.Input.AsRecord ?? throw new TemplateFault("a record is needed");
        var byValue = call[1].PlainText switch
        {
            "value" => true,
            "key" => false,
            null when call[1].IsUndefined => false,
            _ => throw new TemplateFault("it sorts by \"key\" or \"value\""),
        };
        var entries = record.Entries.ToList();
        call.Run.Allocate(entries.Count * 3L);
        StableSort.SortAll(entries, (left, right) =>
        {
            call.Run.Step();
            var (first, second) = byValue ? (Fold(left.Value), Fold(right.Value)) : (Fold(left.Key), Fold(right.Key));
            return Coercion.Order(first, second) > 0 ? 1 : TemplateValue.StrictEquals(first, second) ? 0 : -1;
        });
        return ListValue.Of(entries.Select(entry => ListValue.Of([entry.Key, entry.Value])));

        TemplateValue Fold(TemplateValue value) => !call[0].IsTruthy && value.AsText is { } text ? TextRules.Upper(text) : value;
    }

    private static TemplateValue Edge(FilterCall call, bool last)
    {
        call.NeedsValue();
        if (call.Input.AsRecord is { } record)
        {
            return record[last ? NumberText.Format(Coercion.ToNumber(record["length"]) - 1) : "0"];
        }

        var length = call.Input.AsList?.Items.Count ?? call.Input.AsText?.Length ?? 0;
        return length == 0 ? default : Members.Own(call.Input, NumberText.Format(last ? length - 1 : 0));
    }

    private static TemplateValue GroupBy(FilterCall call)
    {
        call.NeedsValue();
        var path = Attributes.PathOf(call[0]);
        var groups = new OrderedDictionary<string, List<TemplateValue>>(StringComparer.Ordinal);
        foreach (var value in call.SequenceOrArrayLike() ?? [])
        {
            call.Run.Step();
            var key = Coercion.ToText(Attributes.Path(value, path));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = [];
            }

            group.Add(value);
        }

        return RecordValue.Of(groups.Select(group => KeyValuePair.Create(group.Key, ListValue.Of(group.Value))));
    }

    /// <summary>The entries, or one attribute of each.</summary>
    private static List<TemplateValue> Projected(FilterCall call, TemplateValue attribute)
    {
        if (!attribute.IsTruthy)
        {
            return call.List();
        }

        var name = Attributes.Name(attribute);
        return call.Input is { IsSafeText: true, AsText: not "" }
            ? throw new TemplateFault("the characters of a safe text have no attributes")
            : [.. (call.SequenceOrArrayLike() ?? []).Select(value => Attributes.Direct(value, name))];
    }

    private static TemplateValue Join(FilterCall call)
    {
        var separator = call[0].IsTruthy ? Coercion.ToText(call[0]) : "";
        var parts = Projected(call, call[1]).Select(Coercion.Render).ToList();
        call.Run.Allocate(parts.Sum(part => (long)part.Length + separator.Length));
        return string.Join(separator, parts);
    }

    private static TemplateValue Sum(FilterCall call)
    {
        TemplateValue total = 0;
        foreach (var value in Projected(call, call[0]))
        {
            total = Coercion.Add(total, value, call.Run);
        }

        return Coercion.Add(call[1].IsUndefined ? 0 : call[1], total, call.Run);
    }

    private static TemplateValue List(FilterCall call)
    {
        if (call.Input.AsList is not null)
        {
            return call.Input;
        }

        if (call.Input.AsRecord is { } record)
        {
            call.Run.Allocate(record.Count * 3L);
            return ListValue.Of(record.Entries.Select(entry =>
                RecordValue.Of(KeyValuePair.Create("key", (TemplateValue)entry.Key), KeyValuePair.Create("value", entry.Value))));
        }

        return ListValue.Of(call.Sequence() ?? throw new TemplateFault("a list, record or text is needed"));
    }

    private static TemplateValue Random(FilterCall call)
    {
        call.NeedsValue();
        var values = call.SequenceOrArrayLike();
        return values is null or [] ? default : values[RandomNumberGenerator.GetInt32(values.Count)];
    }

    private static TemplateValue Reverse(FilterCall call)
    {
        if (call.Input.AsText is { } text)
        {
            var characters = text.ToCharArray();
            Array.Reverse(characters);
            return call.LikeInput(new string(characters));
        }

        var values = call.SequenceOrArrayLike() ?? [];
        values.Reverse();
        return ListValue.Of(values);
    }

    private static TemplateValue Select(FilterCall call, bool wanted)
    {
        var name = call[0].IsUndefined ? "truthy" : Coercion.ToText(call[0]);
        var test = Tests.Find(name) ?? throw new TemplateFault($"there is no test \"{name}\"");
        call.NeedsValue();
        var values = call.Input.AsRecord is { } record ? Present(record) : call.Sequence();
        if (values is null)
        {
            return ListValue.Of([]);
        }

        if (test.Arity != Math.Max(call.Arguments.Length - 1, 0))
        {
            throw new TemplateFault($"the test \"{name}\" takes {test.Arity} arguments");
        }

        var argument = call[1];
        return ListValue.Of(values.FindAll(value => test.Apply(value, argument) == wanted));
    }

    /// <summary>The entries an array-like record really has.</summary>
    private static List<TemplateValue> Present(RecordValue record)
    {
        var length = Coercion.ToNumber(record["length"]);
        return [.. record.Entries.Where(entry => RecordValue.IndexOf(entry.Key) is { } index && index + 1 <= Math.Floor(length)).Select(entry => entry.Value)];
    }

    private static TemplateValue SelectByAttribute(FilterCall call, bool wanted)
    {
        var items = call.List();
        var name = Attributes.Name(call[0]);
        call.Run.Allocate(items.Count);
        return ListValue.Of(items.FindAll(value => Attributes.Direct(value, name).IsTruthy == wanted));
    }

    private static TemplateValue Slice(FilterCall call)
    {
        var values = call.Sequence() ?? throw new TemplateFault("a list or text is needed");
        var count = Count(call[0], "the number of slices");
        call.Run.Allocate(count);
        var slices = new List<TemplateValue>();
        var offset = 0;
        for (var index = 0; index < count; index++)
        {
            var isLonger = index < values.Count % count;
            var length = (values.Count / count) + (isLonger ? 1 : 0);
            var part = values.GetRange(offset, length);
            offset += length;
            var fills = call[1].IsTruthy && !isLonger;
            if (call.Input.AsText is { } text)
            {
                slices.Add(fills ? throw new TemplateFault("a text cannot be filled up") : text.Substring(offset - length, length));
                continue;
            }

            slices.Add(ListValue.Of(fills ? [.. part, call[1]] : part));
        }

        return ListValue.Of(slices);
    }

    private static TemplateValue Sort(FilterCall call)
    {
        if (call.SequenceOrArrayLike() is not { } values)
        {
            return ListValue.Of([]);
        }

        var (reverse, caseSensitive, path) = (call[0].IsTruthy, call[1].IsTruthy, Attributes.PathOf(call[2]));
        StableSort.Sort(values, (left, right) =>
        {
            call.Run.Step();
            var (first, second) = (Attributes.Path(left, path), Attributes.Path(right, path));
            if (!caseSensitive && first.AsText is { } text && second.AsText is { } other)
            {
                (first, second) = (TextRules.Lower(text), TextRules.Lower(other));
            }

            var order = Coercion.Order(first, second);
            return double.IsNaN(order) ? 0 : reverse ? -order : order;
        });
        return ListValue.Of(values);
    }
}
