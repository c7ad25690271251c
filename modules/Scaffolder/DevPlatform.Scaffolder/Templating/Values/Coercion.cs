namespace DevPlatform.Scaffolder.Templating;

/// <summary>JavaScript's conversions and operators over template values.</summary>
internal static class Coercion
{
    /// <summary>What a value looks like in output: as <see cref="ToText(TemplateValue)"/>, but <c>undefined</c> and <c>null</c> are empty.</summary>
    public static string Render(TemplateValue value) => value.IsNullish ? "" : ToText(value);

    public static string ToText(TemplateValue value) => ToText(value, 0);

    private static string ToText(TemplateValue value, int depth)
    {
        switch (value.Kind)
        {
            case TemplateValueKind.Undefined:
                return "undefined";
            case TemplateValueKind.Null:
                return "null";
            case TemplateValueKind.Boolean:
                return value.IsTruthy ? "true" : "false";
            case TemplateValueKind.Number:
                return NumberText.Format(value.RawNumber);
            case TemplateValueKind.Text:
            case TemplateValueKind.SafeText:
                return value.AsText!;
            case TemplateValueKind.List:
                ValueGraph.CheckDepth(depth + 1);
                return string.Join(',', value.AsList!.Items.Select(item => item.IsNullish ? "" : ToText(item, depth + 1)));
            case TemplateValueKind.Record when !value.AsRecord!.HoldsFunction:
                return "[object Object]";
            case TemplateValueKind.Pattern:
                return value.AsPattern!.ToString();
            default:
                throw new TemplateFault("A function, or a record with one, cannot be used as a value; call it with ()");
        }
    }

    public static double ToNumber(TemplateValue value) => value.Kind switch
    {
        TemplateValueKind.Number or TemplateValueKind.Boolean => value.RawNumber,
        TemplateValueKind.Undefined => double.NaN,
        TemplateValueKind.Null => 0,
        _ => NumberText.Parse(ToText(value)),
    };

    /// <summary>The number without its fraction; NaN is 0.</summary>
    public static double ToInteger(TemplateValue value)
    {
        var number = ToNumber(value);
        return double.IsNaN(number) ? 0 : Math.Truncate(number);
    }

    public static TemplateValue Add(TemplateValue left, TemplateValue right, RenderRun? run = null)
    {
        if (IsNumeric(left) && IsNumeric(right))
        {
            return ToNumber(left) + ToNumber(right);
        }

        return Concatenate(left, right, run);
    }

    public static TemplateValue Concatenate(TemplateValue left, TemplateValue right, RenderRun? run = null)
    {
        var (first, second) = (ToText(left), ToText(right));
        run?.Allocate((long)first.Length + second.Length);
        return first + second;
    }

    public static bool LooseEquals(TemplateValue left, TemplateValue right)
    {
        if (TemplateValue.StrictEquals(left, right))
        {
            return true;
        }

        if (left.IsNullish || right.IsNullish)
        {
            return left.IsNullish && right.IsNullish;
        }

        var (leftIsObject, rightIsObject) = (IsObject(left), IsObject(right));
        if (leftIsObject && rightIsObject)
        {
            return false;
        }

        var first = leftIsObject ? ToText(left) : left;
        var second = rightIsObject ? ToText(right) : right;
        return first.PlainText is { } text && second.PlainText is { } other ? text == other : ToNumber(first) == ToNumber(second);
    }

    /// <summary>Negative, zero or positive as <c>&lt;</c> and <c>&gt;</c> say; NaN when the two cannot be ordered.</summary>
    public static double Order(TemplateValue left, TemplateValue right)
    {
        if (!IsNumeric(left) && !IsNumeric(right))
        {
            return string.CompareOrdinal(ToText(left), ToText(right));
        }

        var (first, second) = (ToNumber(left), ToNumber(right));
        return first < second ? -1 : first > second ? 1 : first == second ? 0 : double.NaN;
    }

    /// <summary>Whether arithmetic treats the value as a number from the start; everything else becomes text first.</summary>
    private static bool IsNumeric(TemplateValue value) => value.Kind is TemplateValueKind.Number or TemplateValueKind.Boolean
        or TemplateValueKind.Undefined or TemplateValueKind.Null;

    private static bool IsObject(TemplateValue value) => value.Kind >= TemplateValueKind.SafeText;
}
