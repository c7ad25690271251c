namespace DevPlatform.Scaffolder.Templating;

/// <summary>Filters over numbers and over anything.</summary>
internal static class ScalarFilters
{
    public static Dictionary<string, FilterFunction> All { get; } = new(StringComparer.Ordinal)
    {
        ["abs"] = call => Math.Abs(Coercion.ToNumber(call.Input)),
        ["d"] = Default,
        ["default"] = Default,
        ["dump"] = call => JsonText.Of(call.Input, Indentation(call[0]), call.Run),
        ["float"] = call => NumberText.ParsePrefix(Coercion.ToText(call.Input)) is var number && double.IsNaN(number) ? call[0] : number,
        ["int"] = Integer,
        ["length"] = Length,
        ["round"] = Round,
        ["string"] = call => call.Input.IsNullish ? throw new TemplateFault("a value is needed")
            : call.Input.IsSafeText ? call.Input : Coercion.ToText(call.Input),
    };

    private static TemplateValue Default(FilterCall call) =>
        (call[1].IsTruthy ? call.Input.IsTruthy : !call.Input.IsUndefined) ? call.Input : call[0];

    private static TemplateValue Integer(FilterCall call)
    {
        var number = NumberText.ParseInteger(Coercion.ToText(call.Input), call[1].IsUndefined ? 10 : Coercion.ToInteger(call[1]));
        return double.IsNaN(number) ? call[0] : number;
    }

    private static TemplateValue Length(FilterCall call) => call.Input.AsText?.Length ?? call.Input.AsList?.Items.Count ?? call.Input.AsRecord?.Count
        ?? (call.Input.IsNullish || (call.Input.IsBoolean && !call.Input.IsTruthy) ? 0 : default(TemplateValue));

    private static TemplateValue Round(FilterCall call)
    {
        var factor = Arithmetic.Power(10, Coercion.ToNumber(call[0].IsTruthy ? call[0] : 0));
        var scaled = Coercion.ToNumber(call.Input) * factor;
        var rounded = call[1].PlainText switch
        {
            "ceil" => Math.Ceiling(scaled),
            "floor" => Math.Floor(scaled),
            _ => RoundHalfUp(scaled),
        };
        return rounded / factor;
    }

    /// <summary><c>Math.round</c>: halves go up, also below zero.</summary>
    private static double RoundHalfUp(double value)
    {
        var floor = Math.Floor(value);
        return value - floor >= 0.5 ? floor + 1 : floor;
    }

    private static string Indentation(TemplateValue value)
    {
        if (value.PlainText is { } text)
        {
            return text.Length > 10 ? text[..10] : text;
        }

        return value.IsNumber && value.RawNumber >= 1 ? new string(' ', (int)Math.Min(10, value.RawNumber)) : "";
    }
}
