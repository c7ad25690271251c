namespace DevPlatform.Scaffolder.Templating;

/// <summary>Why a template failed.</summary>
public enum TemplateErrorKind
{
    /// <summary>The template cannot be parsed.</summary>
    Syntax,

    /// <summary>An expression cannot be evaluated with the given values.</summary>
    Evaluation,

    /// <summary>A function or filter of the host refused its arguments.</summary>
    Function,

    /// <summary>One of <see cref="TemplateLimits"/> was exceeded.</summary>
    Limit,
}

/// <summary>A template that cannot be parsed or rendered. The message names place and reason.</summary>
public sealed class TemplateException(TemplateErrorKind kind, string message, int line, int column)
    : Exception($"Line {line}, column {column}: {message}")
{
    public TemplateErrorKind Kind { get; } = kind;

    /// <summary>The reason without the place.</summary>
    public string Reason { get; } = message;

    /// <summary>Counted from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Counted from 1, in UTF-16 code units.</summary>
    public int Column { get; } = column;

    internal static TemplateException At(string source, int offset, TemplateErrorKind kind, string message)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        return new TemplateException(kind, message, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}

/// <summary>A failure that does not know yet where in the template it happened.</summary>
internal sealed class TemplateFault(string message, TemplateErrorKind kind = TemplateErrorKind.Evaluation, int? offset = null)
    : Exception(message)
{
    public TemplateErrorKind Kind { get; } = kind;

    /// <summary>Where, when it is not where the run stands.</summary>
    public int? Offset { get; } = offset;
}
