namespace DevPlatform.Scaffolder.Templating;

/// <summary>An immutable record. Keys that are array indices come first, in numeric order, then the others as they were added.</summary>
internal sealed class RecordValue : TemplateObject
{
    private readonly OrderedDictionary<string, TemplateValue> _entries;

    private RecordValue(OrderedDictionary<string, TemplateValue> entries)
        : base(TemplateValueKind.Record) => _entries = entries;

    public static RecordValue Empty { get; } = new([]);

    public int Count => _entries.Count;

    /// <summary>Whether a function is anywhere inside. Such a record cannot be used as a value.</summary>
    public bool HoldsFunction { get; private init; }

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<TemplateValue> Values => _entries.Values;

    public IEnumerable<KeyValuePair<string, TemplateValue>> Entries => _entries;

    public TemplateValue this[string key] => _entries.TryGetValue(key, out var value) ? value : default;

    /// <summary>Names that lead to a prototype in JavaScript. They are no names here, so that nothing depends on them.</summary>
    public static bool IsReserved(string name) => name is "constructor" or "prototype" or "__proto__";

    public static RecordValue Create(IEnumerable<KeyValuePair<string, TemplateValue>> entries)
    {
        var indexed = new SortedDictionary<uint, TemplateValue>();
        var named = new OrderedDictionary<string, TemplateValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (IsReserved(key))
            {
                throw new TemplateFault($"The key \"{key}\" is reserved");
            }

            if (IndexOf(key) is { } index)
            {
                indexed[index] = value;
            }
            else
            {
                named[key] = value;
            }
        }

        ListValue.CheckCount((double)indexed.Count + named.Count);
        var at = 0;
        foreach (var (index, value) in indexed)
        {
            named.Insert(at++, NumberText.Format(index), value);
        }

        return new RecordValue(named) { HoldsFunction = named.Values.Any(ValueGraph.HoldsFunction) };
    }

    public static TemplateValue Of(params IEnumerable<KeyValuePair<string, TemplateValue>> entries) => TemplateValue.Object(Create(entries));

    public KeyValuePair<string, TemplateValue> EntryAt(int index) => _entries.GetAt(index);

    public bool Has(string key) => _entries.ContainsKey(key);

    public bool TryGet(string key, out TemplateValue value) => _entries.TryGetValue(key, out value);

    public RecordValue With(string key, TemplateValue value) => Create(_entries.Append(KeyValuePair.Create(key, value)));

    /// <summary>The array index a key spells canonically ("0", "17"), or null.</summary>
    public static uint? IndexOf(string key) =>
        key.Length is > 0 and <= 10 && char.IsAsciiDigit(key[0]) && (key.Length == 1 || key[0] != '0')
            && uint.TryParse(key, out var index) && index != uint.MaxValue
            ? index
            : null;
}
