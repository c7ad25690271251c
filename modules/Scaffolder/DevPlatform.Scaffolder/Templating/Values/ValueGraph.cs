namespace DevPlatform.Scaffolder.Templating;

/// <summary>Walks over nested lists and records.</summary>
internal static class ValueGraph
{
    /// <summary>How deep lists and records may nest.</summary>
    public const int MaximumDepth = 256;

    public static void CheckDepth(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new TemplateFault($"Lists and records may nest at most {MaximumDepth} levels");
        }
    }

    /// <summary>Whether the value is a function or has one inside.</summary>
    public static bool HoldsFunction(TemplateValue value) => value.AsFunction is not null
        || value.AsRecord?.HoldsFunction == true
        || (value.AsList is { } list && HoldsFunction(list, 0));

    private static bool HoldsFunction(ListValue list, int depth)
    {
        CheckDepth(depth);
        return list.Items.Exists(item => item.AsList is { } inner ? HoldsFunction(inner, depth + 1) : HoldsFunction(item));
    }

    /// <summary>Whether <paramref name="target"/> is <paramref name="value"/> or inside it.</summary>
    public static bool Reaches(TemplateValue value, ListValue target)
    {
        if (value.AsList is null && value.AsRecord is null)
        {
            return false;
        }

        var pending = new Stack<TemplateValue>([value]);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (pending.TryPop(out var next))
        {
            if (next.AsList is { } list)
            {
                if (ReferenceEquals(list, target))
                {
                    return true;
                }

                Push(list, list.Items);
            }
            else if (next.AsRecord is { } record)
            {
                Push(record, record.Values);
            }
        }

        return false;

        void Push(TemplateObject container, IEnumerable<TemplateValue> children)
        {
            if (!seen.Add(container))
            {
                return;
            }

            foreach (var child in children)
            {
                pending.Push(child);
            }
        }
    }

    /// <summary>A copy whose lists can be changed without the original noticing; what was shared stays shared.</summary>
    public static TemplateValue Clone(TemplateValue value) => Clone(value, new(ReferenceEqualityComparer.Instance), 0);

    private static TemplateValue Clone(TemplateValue value, Dictionary<object, TemplateValue> copies, int depth)
    {
        object? container = value.AsList ?? (object?)value.AsRecord;
        if (container is null)
        {
            return value;
        }

        CheckDepth(depth + 1);
        if (!copies.TryGetValue(container, out var copy))
        {
            copy = container is ListValue list
                ? ListValue.Of(list.Items.ConvertAll(item => Clone(item, copies, depth + 1)))
                : RecordValue.Of(((RecordValue)container).Entries.Select(entry =>
                    KeyValuePair.Create(entry.Key, Clone(entry.Value, copies, depth + 1))));
            copies[container] = copy;
        }

        return copy;
    }
}
