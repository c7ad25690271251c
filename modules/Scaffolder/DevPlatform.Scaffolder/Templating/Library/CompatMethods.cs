namespace DevPlatform.Scaffolder.Templating;

/// <summary>Python's methods, which cookiecutter templates use.</summary>
internal static class CompatMethods
{
    public static MethodDefinition[] OfLists { get; } =
    [
        ListMethods.Taking("append", 1, 1, (items, a) =>
        {
            items.AddRange(a.Positional);
            return items.Count;
        }),
        ListMethods.Define("count", 1, 1, (list, a) => list.Items.Count(item => TemplateValue.StrictEquals(item, a[0]))),
        ListMethods.Define("find", 1, 1, (list, a) => IndexOf(list.Items, a[0])),
        ListMethods.Define("index", 1, 1, (list, a) => IndexOf(list.Items, a[0])),
        ListMethods.Taking("insert", 2, 2, (items, a) =>
        {
            items.Insert(ListMethods.Wrapped(a[0], items.Count), a[1]);
            return ListValue.Of([]);
        }),
        ListMethods.Taking("remove", 1, 1, (items, a) =>
            IndexOf(items, a[0]) is var index and >= 0 ? ListValue.Of([ListMethods.TakeAt(items, index)]) : ListValue.Of([])),
        ListMethods.Taking("pop", 0, 1, (items, a) =>
            ListMethods.Wrap(a[0].IsUndefined ? -1 : Coercion.ToInteger(a[0]), items.Count) is { } index ? ListMethods.TakeAt(items, index) : default),
    ];

    public static MethodDefinition[] OfRecords { get; } =
    [
        Define("get", 1, 2, (record, a) => record.TryGet(Coercion.ToText(a[0]), out var value) ? value : a[1]),
        Define("has_key", 1, 1, (record, a) => record.Has(Coercion.ToText(a[0]))),
        Define("items", 0, 0, (record, _) => ListValue.Of(record.Entries.Select(entry => ListValue.Of([entry.Key, entry.Value])))),
        Define("keys", 0, 0, (record, _) => ListValue.OfTexts(record.Keys)),
        Define("values", 0, 0, (record, _) => ListValue.Of(record.Values)),
    ];

    private static int IndexOf(List<TemplateValue> items, TemplateValue value) => items.FindIndex(item => TemplateValue.StrictEquals(item, value));

    private static MethodDefinition Define(string name, int minimum, int maximum, Func<RecordValue, CallArguments, TemplateValue> apply) =>
        new(name, minimum, maximum, (run, self, arguments) =>
        {
            run.Allocate(self.AsRecord!.Count);
            return apply(self.AsRecord!, arguments);
        });
}
