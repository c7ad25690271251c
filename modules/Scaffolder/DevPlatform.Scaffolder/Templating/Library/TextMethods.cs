namespace DevPlatform.Scaffolder.Templating;

/// <summary>Methods of texts.</summary>
internal static class TextMethods
{
    public static MethodDefinition[] All { get; } =
    [
        Define("charAt", 0, 1, (text, a) => At(text, Coercion.ToInteger(Or(a[0], 0))) is { } character ? character.ToString() : ""),
        Define("charCodeAt", 0, 1, (text, a) => At(text, Coercion.ToInteger(Or(a[0], 0))) is { } character ? (double)character : double.NaN),
        Define("endsWith", 1, 2, (text, a) => text[..Index(a[1], text.Length, text.Length)].EndsWith(Coercion.ToText(a[0]), StringComparison.Ordinal)),
        Define("includes", 1, 2, (text, a) => text[Index(a[1], 0, text.Length)..].Contains(Coercion.ToText(a[0]), StringComparison.Ordinal)),
        Define("indexOf", 1, 2, (text, a) => text.IndexOf(Coercion.ToText(a[0]), Index(a[1], 0, text.Length), StringComparison.Ordinal)),
        Define("lastIndexOf", 1, 2, (text, a) => LastIndexOf(text, Coercion.ToText(a[0]), a[1])),
        Define("slice", 0, 2, (text, a) => Slice(text, a)),
        Define("startsWith", 1, 2, (text, a) => text.AsSpan(Index(a[1], 0, text.Length)).StartsWith(Coercion.ToText(a[0]))),
        Define("substring", 0, 2, (text, a) => Substring(text, a)),
        Define("toLowerCase", 0, 0, (text, _) => TextRules.Lower(text)),
        Define("toUpperCase", 0, 0, (text, _) => TextRules.Upper(text)),
        Define("trim", 0, 0, (text, _) => TextRules.Trim(text).ToString()),
        Define("trimEnd", 0, 0, (text, _) => TextRules.TrimEnd(text)),
        Define("trimStart", 0, 0, (text, _) => TextRules.TrimStart(text)),
        new("concat", 0, int.MaxValue, (run, self, a) =>
            a.Positional.Aggregate((TemplateValue)self.AsText!, (text, next) => Coercion.Concatenate(text, next, run))),
        new("replace", 2, 2, Replace),
        new("split", 0, 2, Split),
    ];

    private static MethodDefinition Define(string name, int minimum, int maximum, Func<string, CallArguments, TemplateValue> apply) =>
        new(name, minimum, maximum, (run, self, arguments) =>
        {
            run.Allocate(self.AsText!.Length);
            return apply(self.AsText!, arguments);
        });

    private static TemplateValue Or(TemplateValue value, double fallback) => value.IsUndefined ? fallback : value;

    private static char? At(string text, double index) => index >= 0 && index < text.Length ? text[(int)index] : null;

    private static int Index(TemplateValue value, int fallback, int length) =>
        value.IsUndefined ? fallback : (int)Math.Clamp(Coercion.ToInteger(value), 0, length);

    private static int LastIndexOf(string text, string needle, TemplateValue from)
    {
        var position = Coercion.ToNumber(from);
        var last = Math.Min(double.IsNaN(position) ? text.Length : Math.Max(Math.Truncate(position), 0), text.Length - needle.Length);
        for (var index = (int)last; index >= 0; index--)
        {
            if (string.CompareOrdinal(text, index, needle, 0, needle.Length) == 0)
            {
                return index;
            }
        }

        return -1;
    }

    private static string Slice(string text, CallArguments arguments)
    {
        var (start, end) = ListMethods.Bounds(arguments[0], arguments[1], text.Length);
        return text[start..Math.Max(start, end)];
    }

    private static string Substring(string text, CallArguments arguments)
    {
        var first = Index(arguments[0], 0, text.Length);
        var second = Index(arguments[1], text.Length, text.Length);
        return text[Math.Min(first, second)..Math.Max(first, second)];
    }

    private static TemplateValue Replace(RenderRun run, TemplateValue self, CallArguments arguments)
    {
        var text = self.AsText!;
        var replacement = Coercion.ToText(arguments[1]);
        if (arguments[0].AsPattern is { } pattern)
        {
            return pattern.Replace(text, replacement, fresh: false, run);
        }

        var needle = Coercion.ToText(arguments[0]);
        var index = text.IndexOf(needle, StringComparison.Ordinal);
        if (index < 0)
        {
            return text;
        }

        var output = new Replacement(text, replacement, run);
        output.Add(index, needle.Length, [needle], new Dictionary<string, int>());
        return output.Finish();
    }

    private static TemplateValue Split(RenderRun run, TemplateValue self, CallArguments arguments)
    {
        var text = self.AsText!;
        var limit = arguments[1].IsUndefined ? uint.MaxValue : ToUnsigned(Coercion.ToNumber(arguments[1]));
        run.Allocate(text.Length);
        if (arguments[0].AsPattern is { } pattern)
        {
            return ListValue.Of(pattern.Split(text, limit, run));
        }

        var parts = arguments[0].IsUndefined ? [text] : SplitAt(text, Coercion.ToText(arguments[0]));
        return ListValue.OfTexts(parts.Take((int)Math.Min(limit, int.MaxValue)));
    }

    public static IEnumerable<string> SplitAt(string text, string separator) =>
        separator.Length == 0 ? text.Select(character => character.ToString()) : text.Split(separator);

    private static uint ToUnsigned(double number) => double.IsFinite(number) ? unchecked((uint)(long)(Math.Truncate(number) % 4294967296d)) : 0;
}

/// <summary>Methods of numbers.</summary>
internal static class NumberMethods
{
    public static MethodDefinition[] All { get; } =
    [
        Define("toExponential", (number, digits) => ExactNumber.Exponential(number, digits is { } count ? Integer(count) : null)),
        Define("toFixed", (number, digits) => ExactNumber.Fixed(number, Integer(digits ?? 0))),
        Define("toPrecision", (number, digits) => digits is { } count ? ExactNumber.Precision(number, Integer(count)) : NumberText.Format(number)),
        Define("toString", (number, radix) => ExactNumber.InRadix(number, Integer(radix ?? 10))),
    ];

    private static double Integer(double value) => double.IsNaN(value) ? 0 : Math.Truncate(value);

    private static MethodDefinition Define(string name, Func<double, double?, string> apply) => new(name, 0, 1, (_, self, arguments) =>
        apply(self.RawNumber, arguments[0].IsUndefined ? null : Coercion.ToNumber(arguments[0])));
}
