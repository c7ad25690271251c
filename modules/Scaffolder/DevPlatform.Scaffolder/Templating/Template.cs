using System.Text.Json.Nodes;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>
/// A compiled template in Backstage's dialect of Nunjucks. Parse once, render often; thread-safe. Templates are not trusted: they reach
/// nothing but their context and the given functions, and stay within <see cref="TemplateLimits"/>.
/// </summary>
public sealed class Template
{
    private readonly TemplateOptions _options;
    private readonly Body _body;
    private readonly FrameLayout _layout;
    private readonly bool _mayMutate;

    private Template(string source, TemplateOptions options, Body body, FrameLayout layout, bool mayMutate)
    {
        Source = source;
        _options = options;
        _body = body;
        _layout = layout;
        _mayMutate = mayMutate;
    }

    public string Source { get; }

    /// <exception cref="TemplateException">The template is not valid or exceeds a limit.</exception>
    public static Template Parse(string source, TemplateOptions? options = null)
    {
        options ??= TemplateOptions.Default;
        try
        {
            if (source.Length > options.Limits.SourceLength)
            {
                throw new TemplateFault(
                    $"The template has {source.Length} characters; the limit is {options.Limits.SourceLength}", TemplateErrorKind.Limit, 0);
            }

            var state = new ParseState(options.Limits);
            var names = NameRegion.Separate();
            var body = new TemplateParser(TemplateScanner.Scan(source, options), state).Parse(names);
            return new Template(source, options, body, names.Layout, state.Mutations.MayMutate);
        }
        catch (TemplateFault fault)
        {
            throw TemplateException.At(source, fault.Offset ?? 0, fault.Kind, fault.Message);
        }
    }

    /// <exception cref="TemplateException">An expression cannot be evaluated, a function refused, or a limit is exceeded.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public string Render(TemplateContext context, CancellationToken cancellation = default) => Run(context, frame =>
    {
        _body.Render(frame);
        return frame.Run.Output.ToString();
    }, cancellation);

    /// <inheritdoc cref="Render(TemplateContext, CancellationToken)"/>
    public string Render(JsonObject context, CancellationToken cancellation = default) => Render(new TemplateContext(context), cancellation);

    /// <summary>
    /// The value of a template that is exactly one <c>${{ expression }}</c>, with its type; the text of every other template.
    /// </summary>
    /// <inheritdoc cref="Render(TemplateContext, CancellationToken)"/>
    public TemplateResult EvaluateExpression(TemplateContext context, CancellationToken cancellation = default)
    {
        if (_body.SoleExpression is not { } expression)
        {
            return new TemplateResult(Render(context, cancellation), IsUndefined: false);
        }

        return Run(context, frame =>
        {
            var value = expression.Evaluate(frame);
            return new TemplateResult(JsonConversion.ToJson(value), value.IsUndefined);
        }, cancellation);
    }

    private T Run<T>(TemplateContext context, Func<Frame, T> render, CancellationToken cancellation)
    {
        var run = new RenderRun(_options, _mayMutate, cancellation);
        try
        {
            var values = _mayMutate ? ValueGraph.Clone(TemplateValue.Object(context.Values)).AsRecord! : context.Values;
            var exports = new Scope(values).Child(isolated: true);
            return render(new Frame(run, exports.Child(isolated: true), new SlotFrame(_layout.Count), exports, true, true));
        }
        catch (TemplateFault fault)
        {
            throw TemplateException.At(Source, fault.Offset ?? run.Offset, fault.Kind, fault.Message);
        }
    }
}

/// <summary>What an expression gave: JSON, or undefined.</summary>
/// <param name="Value">The value; null also when it is undefined.</param>
/// <param name="IsUndefined">Whether there is no value at all.</param>
public readonly record struct TemplateResult(JsonNode? Value, bool IsUndefined);
