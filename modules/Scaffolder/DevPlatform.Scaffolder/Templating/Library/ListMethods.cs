namespace DevPlatform.Scaffolder.Templating;

/// <summary>Methods of lists. Changes last only for the render.</summary>
internal static class ListMethods
{
    public static MethodDefinition[] All { get; } =
    [
        Define("at", 1, 1, (list, a) => Coercion.ToInteger(a[0]) is var index && Wrap(index, list.Items.Count) is { } at ? list.Items[at] : default),
        Define("concat", 0, int.MaxValue, (list, a) => ListValue.Of(
            list.Items.Concat(a.Positional.SelectMany(value => value.AsList?.Items ?? [value])))),
        Define("includes", 1, 2, (list, a) => list.Items.Skip(Start(a[1], list.Items.Count)).Any(item => SameValueZero(item, a[0]))),
        Define("indexOf", 1, 2, (list, a) => Start(a[1], list.Items.Count) is var start
            ? list.Items.FindIndex(start, item => TemplateValue.StrictEquals(item, a[0])) : -1),
        Define("lastIndexOf", 1, 2, (list, a) => LastIndexOf(list.Items, a)),
        Define("join", 0, 1, (list, a) => string.Join(
            a[0].IsUndefined ? "," : Coercion.ToText(a[0]), list.Items.Select(Coercion.Render))),
        Define("slice", 0, 2, (list, a) => Bounds(a[0], a[1], list.Items.Count) is var (start, end)
            ? ListValue.Of(list.Items.GetRange(start, Math.Max(0, end - start))) : default),
        Define("flat", 0, 1, (list, a) => ListValue.Of(Flatten(list.Items, a[0].IsUndefined ? 1 : Coercion.ToInteger(a[0])))),
        Changing("copyWithin", 1, 3, (items, a) =>
        {
            var to = Wrapped(a[0], items.Count);
            var (start, end) = Bounds(a[1], a[2], items.Count);
            var source = items.GetRange(start, Math.Max(0, Math.Min(end - start, items.Count - to)));
            items.RemoveRange(to, source.Count);
            items.InsertRange(to, source);
        }),
        Changing("fill", 1, 3, (items, a) =>
        {
            var (start, end) = Bounds(a[1], a[2], items.Count);
            for (var index = start; index < end; index++)
            {
                items[index] = a[0];
            }
        }),
        Changing("reverse", 0, 0, (items, _) => items.Reverse()),
        Changing("sort", 0, 0, (items, _) => StableSort.Sort(items, (left, right) =>
            string.CompareOrdinal(Coercion.ToText(left), Coercion.ToText(right)))),
        Taking("pop", 0, 0, (items, a) => items.Count == 0 ? default : TakeAt(items, items.Count - 1)),
        Taking("push", 0, int.MaxValue, (items, a) =>
        {
            items.AddRange(a.Positional);
            return items.Count;
        }),
        Taking("shift", 0, 0, (items, _) => items.Count == 0 ? default : TakeAt(items, 0)),
        Taking("unshift", 0, int.MaxValue, (items, a) =>
        {
            items.InsertRange(0, a.Positional);
            return items.Count;
        }),
        Taking("splice", 0, int.MaxValue, Splice),
    ];

    /// <summary>Start and end as <c>slice</c> takes them: negative ones count from the end.</summary>
    public static (int Start, int End) Bounds(TemplateValue start, TemplateValue end, int length) =>
        (Start(start, length), end.IsUndefined ? length : Wrapped(end, length));

    public static MethodDefinition Taking(string name, int minimum, int maximum, Func<List<TemplateValue>, CallArguments, TemplateValue> apply) =>
        Define(name, minimum, maximum, (list, arguments) =>
        {
            var items = list.Items.ToList();
            var result = apply(items, arguments);
            list.Replace(items);
            return result;
        });

    public static MethodDefinition Define(string name, int minimum, int maximum, Func<ListValue, CallArguments, TemplateValue> apply) =>
        new(name, minimum, maximum, (run, self, arguments) =>
        {
            run.Allocate(self.AsList!.Items.Count + arguments.Positional.Length);
            return apply(self.AsList!, arguments);
        });

    public static TemplateValue TakeAt(List<TemplateValue> items, int index)
    {
        var item = items[index];
        items.RemoveAt(index);
        return item;
    }

    /// <summary>The index a possibly negative one stands for, or null outside the list.</summary>
    public static int? Wrap(double index, int length)
    {
        var wrapped = index < 0 ? length + index : index;
        return wrapped >= 0 && wrapped < length ? (int)wrapped : null;
    }

    /// <summary>As <see cref="Wrap"/>, but moved to the nearest end when outside.</summary>
    public static int Wrapped(TemplateValue index, int length)
    {
        var number = Coercion.ToInteger(index);
        return (int)Math.Clamp(number < 0 ? length + number : number, 0, length);
    }

    private static MethodDefinition Changing(string name, int minimum, int maximum, Action<List<TemplateValue>, CallArguments> apply) =>
        Define(name, minimum, maximum, (list, arguments) =>
        {
            var items = list.Items.ToList();
            apply(items, arguments);
            list.Replace(items);
            return TemplateValue.Object(list);
        });

    private static int Start(TemplateValue value, int length) => value.IsUndefined ? 0 : Wrapped(value, length);

    private static bool SameValueZero(TemplateValue left, TemplateValue right) => TemplateValue.StrictEquals(left, right)
        || (left.IsNumber && right.IsNumber && double.IsNaN(left.RawNumber) && double.IsNaN(right.RawNumber));

    private static int LastIndexOf(List<TemplateValue> items, CallArguments arguments)
    {
        var from = arguments[1].IsUndefined ? items.Count - 1 : Coercion.ToInteger(arguments[1]);
        var last = from < 0 ? items.Count + from : Math.Min(from, items.Count - 1);
        return last < 0 ? -1 : items.FindLastIndex((int)last, item => TemplateValue.StrictEquals(item, arguments[0]));
    }

    private static IEnumerable<TemplateValue> Flatten(List<TemplateValue> items, double depth) => items.SelectMany(item =>
        depth > 0 && item.AsList is { } inner ? Flatten(inner.Items, depth - 1) : [item]);

    private static TemplateValue Splice(List<TemplateValue> items, CallArguments arguments)
    {
        if (arguments[0].IsUndefined)
        {
            return ListValue.Of([]);
        }

        var start = Wrapped(arguments[0], items.Count);
        var count = arguments[1].IsUndefined ? items.Count - start : (int)Math.Clamp(Coercion.ToInteger(arguments[1]), 0, items.Count - start);
        var removed = items.GetRange(start, count);
        items.RemoveRange(start, count);
        if (!arguments[1].IsUndefined)
        {
            items.InsertRange(start, arguments.Positional.Skip(2));
        }

        return ListValue.Of(removed);
    }
}
