using System.Runtime.CompilerServices;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>What the parsers of one template share.</summary>
internal sealed class ParseState(TemplateLimits limits)
{
    private int _depth;

    public TemplateLimits Limits => limits;

    public MutationWatch Mutations { get; } = new();

    /// <summary>Set when an expression uses the name <c>loop</c>; a loop resets it around its body.</summary>
    public bool MentionsLoop { get; set; }

    /// <summary>Set when a macro is declared; captured blocks reset it around their body.</summary>
    public bool DeclaresMacro { get; set; }

    public HashSet<string> Blocks { get; } = new(StringComparer.Ordinal);

    /// <summary>One level deeper, within the limit and the stack there is.</summary>
    public T Nested<T>(Func<T> parse, int offset)
    {
        _depth++;
        if (_depth > limits.Nesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateFault($"Tags and expressions may nest at most {limits.Nesting} levels", TemplateErrorKind.Limit, offset);
        }

        var result = parse();
        _depth--;
        return result;
    }
}
