namespace DevPlatform.Scaffolder.Templating;

/// <summary>
/// Sorts as JavaScript engines do: stable, undefined last, and short lists by binary insertion, so that comparisons which contradict
/// each other (texts with numbers) give the same order.
/// </summary>
internal static class StableSort
{
    private const int Short = 64;

    public static void Sort(List<TemplateValue> items, Func<TemplateValue, TemplateValue, double> compare)
    {
        var defined = items.FindAll(item => !item.IsUndefined);
        var undefined = items.Count - defined.Count;
        SortAll(defined, compare);
        items.Clear();
        items.AddRange(defined);
        items.AddRange(Enumerable.Repeat(TemplateValue.Undefined, undefined));
    }

    public static void SortAll<T>(List<T> items, Func<T, T, double> compare)
    {
        if (items.Count < Short)
        {
            InsertionSort(items, compare);
            return;
        }

        var middle = items.Count / 2;
        var left = items.GetRange(0, middle);
        var right = items.GetRange(middle, items.Count - middle);
        SortAll(left, compare);
        SortAll(right, compare);
        Merge(left, right, items, compare);
    }

    private static void InsertionSort<T>(List<T> items, Func<T, T, double> compare)
    {
        for (var next = InitialRun(items, compare); next < items.Count; next++)
        {
            var item = items[next];
            var (low, high) = (0, next);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = compare(item, items[middle]) < 0 ? (low, middle) : (middle + 1, high);
            }

            items.RemoveAt(next);
            items.Insert(low, item);
        }
    }

    /// <summary>How many entries at the start are in order; a falling start is turned round first.</summary>
    private static int InitialRun<T>(List<T> items, Func<T, T, double> compare)
    {
        if (items.Count < 2)
        {
            return items.Count;
        }

        var falling = compare(items[1], items[0]) < 0;
        var length = 2;
        while (length < items.Count && compare(items[length], items[length - 1]) < 0 == falling)
        {
            length++;
        }

        if (falling)
        {
            items.Reverse(0, length);
        }

        return length;
    }

    private static void Merge<T>(List<T> left, List<T> right, List<T> target, Func<T, T, double> compare)
    {
        var (first, second) = (0, 0);
        for (var index = 0; index < target.Count; index++)
        {
            var takeRight = first == left.Count || (second < right.Count && compare(right[second], left[first]) < 0);
            target[index] = takeRight ? right[second++] : left[first++];
        }
    }
}
