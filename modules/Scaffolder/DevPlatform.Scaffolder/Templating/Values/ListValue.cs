namespace DevPlatform.Scaffolder.Templating;

/// <summary>A list. Templates may change it (<c>push</c>, <c>sort</c>, …) while they render.</summary>
internal sealed class ListValue : TemplateObject
{
    /// <summary>More entries than a template has any use for.</summary>
    public const int MaximumCount = 100_000;

    public ListValue(List<TemplateValue> items)
        : base(TemplateValueKind.List)
    {
        Items = items;
        CheckCount(items.Count);
    }

    public ListValue(IEnumerable<TemplateValue> items)
        : this(items.ToList())
    {
    }

    public List<TemplateValue> Items { get; private set; }

    public static TemplateValue Of(List<TemplateValue> items) => TemplateValue.Object(new ListValue(items));

    public static TemplateValue Of(IEnumerable<TemplateValue> items) => TemplateValue.Object(new ListValue(items));

    public static TemplateValue OfTexts(IEnumerable<string> items) => Of(items.Select(item => (TemplateValue)item));

    public static void CheckCount(double count)
    {
        if (count > MaximumCount)
        {
            throw new TemplateFault($"A list or record may have at most {MaximumCount} entries, this one has {NumberText.Format(count)}");
        }
    }

    /// <summary>Replaces the contents; a list cannot end up inside itself.</summary>
    public void Replace(List<TemplateValue> items)
    {
        CheckCount(items.Count);
        foreach (var item in items)
        {
            if (ValueGraph.Reaches(item, this))
            {
                throw new TemplateFault("A list cannot contain itself");
            }
        }

        Items = items;
    }
}
