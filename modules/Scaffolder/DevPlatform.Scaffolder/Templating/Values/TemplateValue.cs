using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>What a <see cref="TemplateValue"/> is.</summary>
public enum TemplateValueKind
{
    Undefined,
    Null,
    Boolean,
    Number,
    Text,

    /// <summary>Text marked safe: what macros, <c>safe</c> and <c>escape</c> give.</summary>
    SafeText,
    List,
    Record,
    Pattern,
    Function,
}

/// <summary>
/// One value a template computes with. It has JavaScript's semantics: <c>undefined</c> differs from <c>null</c>, every number is a double,
/// lists and records have identity. The default value is <c>undefined</c>.
/// </summary>
public readonly struct TemplateValue
{
    private static readonly Tag NullTag = new(TemplateValueKind.Null);
    private static readonly Tag BooleanTag = new(TemplateValueKind.Boolean);
    private static readonly Tag NumberTag = new(TemplateValueKind.Number);

    // null means undefined; a tag says that the value is in _number; everything else is the value itself.
    private readonly object? _object;
    private readonly double _number;

    private TemplateValue(object? value, double number = 0)
    {
        _object = value;
        _number = number;
    }

    public static TemplateValue Undefined => default;

    public static TemplateValue Null => new(NullTag);

    public static TemplateValue True => new(BooleanTag, 1);

    public static TemplateValue False => new(BooleanTag);

    public TemplateValueKind Kind => _object switch
    {
        null => TemplateValueKind.Undefined,
        string => TemplateValueKind.Text,
        var value => ((TemplateObject)value).Kind,
    };

    public bool IsUndefined => _object is null;

    /// <summary><c>undefined</c> or <c>null</c>.</summary>
    public bool IsNullish => _object is null || ReferenceEquals(_object, NullTag);

    public bool IsNumber => ReferenceEquals(_object, NumberTag);

    public bool IsBoolean => ReferenceEquals(_object, BooleanTag);

    /// <summary>The text of a text or safe text, else null.</summary>
    public string? AsText => _object as string ?? (_object as SafeText)?.Text;

    internal double RawNumber => _number;

    internal string? PlainText => _object as string;

    internal bool IsSafeText => _object is SafeText;

    internal ListValue? AsList => _object as ListValue;

    internal RecordValue? AsRecord => _object as RecordValue;

    internal PatternValue? AsPattern => _object as PatternValue;

    internal FunctionValue? AsFunction => _object as FunctionValue;

    /// <summary>JavaScript's truthiness; safe text is an object there, so it is true even when empty.</summary>
    internal bool IsTruthy => _object switch
    {
        null => false,
        string text => text.Length > 0,
        Tag tag => tag.Kind != TemplateValueKind.Null && _number != 0 && !double.IsNaN(_number),
        _ => true,
    };

    public static implicit operator TemplateValue(string text) => new(text);

    public static implicit operator TemplateValue(double number) => new(NumberTag, number);

    public static implicit operator TemplateValue(bool value) => value ? True : False;

    /// <exception cref="ArgumentException">The data is too deep or too large, or a key is reserved.</exception>
    public static TemplateValue FromJson(JsonNode? json)
    {
        try
        {
            return JsonConversion.FromJson(json);
        }
        catch (TemplateFault fault)
        {
            throw new ArgumentException(fault.Message, nameof(json), fault);
        }
    }

    /// <summary>The value as JSON; undefined becomes null.</summary>
    /// <exception cref="ArgumentException">The value is a function or has one inside, or nests too deeply.</exception>
    public JsonNode? ToJson()
    {
        try
        {
            return JsonConversion.ToJson(this);
        }
        catch (TemplateFault fault)
        {
            throw new ArgumentException(fault.Message, fault);
        }
    }

    /// <summary>A function the template may call. It gets plain values and must not keep state of the template.</summary>
    public static TemplateValue Function(string name, TemplateFunction function) => new(new HostFunction(name, function));

    internal static TemplateValue Object(TemplateObject value) => new(value);

    internal static TemplateValue Safe(string text) => new(new SafeText(text));

    /// <summary><c>===</c>: primitives by value, everything else by identity.</summary>
    internal static bool StrictEquals(TemplateValue left, TemplateValue right) => left._object switch
    {
        string text => right._object is string other && text == other,
        Tag => ReferenceEquals(left._object, right._object) && left._number == right._number,
        _ => ReferenceEquals(left._object, right._object),
    };

    private sealed class Tag(TemplateValueKind kind) : TemplateObject(kind);
}
