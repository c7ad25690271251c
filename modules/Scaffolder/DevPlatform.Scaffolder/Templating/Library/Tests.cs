using System.Collections.Frozen;

namespace DevPlatform.Scaffolder.Templating;

internal sealed record TestFunction(int Arity, Func<TemplateValue, TemplateValue, bool> Apply, bool TakesFunctions = false);

/// <summary>What may stand after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, TestFunction> All = new Dictionary<string, TestFunction>(StringComparer.Ordinal)
    {
        ["callable"] = new(0, (value, _) => value.AsFunction is not null, TakesFunctions: true),
        ["defined"] = new(0, (value, _) => !value.IsUndefined),
        ["divisibleby"] = new(1, (value, other) => Coercion.ToNumber(value) % Coercion.ToNumber(other) == 0),
        ["escaped"] = new(0, (value, _) => value.IsSafeText),
        ["eq"] = new(1, TemplateValue.StrictEquals, TakesFunctions: true),
        ["equalto"] = new(1, TemplateValue.StrictEquals, TakesFunctions: true),
        ["sameas"] = new(1, TemplateValue.StrictEquals, TakesFunctions: true),
        ["ne"] = new(1, (value, other) => !TemplateValue.StrictEquals(value, other), TakesFunctions: true),
        ["even"] = new(0, (value, _) => Coercion.ToNumber(value) % 2 == 0),
        ["odd"] = new(0, (value, _) => Coercion.ToNumber(value) % 2 == 1),
        ["falsy"] = new(0, (value, _) => !value.IsTruthy),
        ["truthy"] = new(0, (value, _) => value.IsTruthy),
        ["ge"] = new(1, (value, other) => Coercion.Order(value, other) >= 0),
        ["gt"] = new(1, (value, other) => Coercion.Order(value, other) > 0),
        ["greaterthan"] = new(1, (value, other) => Coercion.Order(value, other) > 0),
        ["le"] = new(1, (value, other) => Coercion.Order(value, other) <= 0),
        ["lt"] = new(1, (value, other) => Coercion.Order(value, other) < 0),
        ["lessthan"] = new(1, (value, other) => Coercion.Order(value, other) < 0),
        ["iterable"] = new(0, (value, _) => value.IsNullish
            ? throw new TemplateFault($"The test \"iterable\" needs a value, found {Members.KindName(value)}")
            : value.AsText is not null || value.AsList is not null),
        ["lower"] = new(0, (value, _) => IsInCase("lower", value, TextRules.Lower)),
        ["upper"] = new(0, (value, _) => IsInCase("upper", value, TextRules.Upper)),
        ["mapping"] = new(0, (value, _) => value.AsRecord is not null || value.IsSafeText || value.AsPattern is not null),
        ["null"] = new(0, (value, _) => value.Kind is TemplateValueKind.Null),
        ["number"] = new(0, (value, _) => value.IsNumber),
        ["string"] = new(0, (value, _) => value.PlainText is not null),
        ["undefined"] = new(0, (value, _) => value.IsUndefined),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static TestFunction? Find(string name) => All.GetValueOrDefault(name);

    private static bool IsInCase(string test, TemplateValue value, Func<string, string> convert) => value switch
    {
        { IsSafeText: true } => false,
        { PlainText: { } text } => convert(text) == text,
        _ => throw new TemplateFault($"The test \"{test}\" needs a text, found {Members.KindName(value)}"),
    };
}
