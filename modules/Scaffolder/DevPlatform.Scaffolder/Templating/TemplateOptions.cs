namespace DevPlatform.Scaffolder.Templating;

/// <summary>How templates are written and what they may use. Share one instance; it must not change once it is in use.</summary>
public sealed record TemplateOptions
{
    public static TemplateOptions Default { get; } = new();

    /// <summary><c>{{ }}</c> instead of <c>${{ }}</c>, and what Jinja adds: <c>True</c>, <c>items()</c>, <c>jsonify</c>, …</summary>
    public bool CookiecutterCompat { get; init; }

    /// <summary>Drops the line break after a block tag.</summary>
    public bool TrimBlocks { get; init; }

    /// <summary>Drops the indentation before a block tag that starts its line.</summary>
    public bool LstripBlocks { get; init; }

    /// <summary>Filters by name, in addition to the built-in ones and before them. The first argument is the input.</summary>
    public IReadOnlyDictionary<string, TemplateFunction> Filters { get; init; } = new Dictionary<string, TemplateFunction>(StringComparer.Ordinal);

    /// <summary>Values and functions every template sees unless its context has the name.</summary>
    public IReadOnlyDictionary<string, TemplateValue> Globals { get; init; } = new Dictionary<string, TemplateValue>(StringComparer.Ordinal);

    public TemplateLimits Limits { get; init; } = new();

    /// <summary>Measures <see cref="TemplateLimits.Time"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Bounds of one parse or render. Templates are not trusted.</summary>
public sealed record TemplateLimits
{
    /// <summary>Length of a template in UTF-16 code units.</summary>
    public int SourceLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Length of the output in UTF-16 code units.</summary>
    public long OutputLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Evaluated expressions, statements and list entries.</summary>
    public int Steps { get; init; } = 1_000_000;

    /// <summary>Levels of tags, and of brackets in one expression.</summary>
    public int Nesting { get; init; } = 256;

    /// <summary>Macros calling macros.</summary>
    public int CallDepth { get; init; } = 100;

    /// <summary>UTF-16 code units and list entries made on the way, whether or not they reach the output.</summary>
    public long Allocation { get; init; } = 64 * 1024 * 1024;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A filter or function of the host.</summary>
/// <exception cref="ArgumentException">Thrown for arguments it refuses; the message becomes the template's error.</exception>
public delegate TemplateValue TemplateFunction(TemplateArguments arguments);

/// <summary>What a function was called with. Missing arguments are undefined.</summary>
public readonly struct TemplateArguments(IReadOnlyList<TemplateValue> values)
{
    public int Count => values.Count;

    public TemplateValue this[int index] => index < values.Count ? values[index] : default;
}
