using System.Runtime.CompilerServices;
using System.Text;

namespace DevPlatform.Scaffolder.Templating;

/// <summary>One render: its output, and what it has used up.</summary>
internal sealed class RenderRun
{
    // Looking at the clock costs more than a step.
    private const int StepsBetweenChecks = 1024;

    private readonly TemplateLimits _limits;
    private readonly CancellationToken _cancellation;
    private readonly long _started;
    private readonly bool _mayMutate;
    private Dictionary<string, TemplateValue>? _globals;
    private int _steps;
    private long _outputLength;
    private long _allocated;
    private int _callDepth;

    public RenderRun(TemplateOptions options, bool mayMutate, CancellationToken cancellation)
    {
        Options = options;
        _limits = options.Limits;
        _mayMutate = mayMutate;
        _cancellation = cancellation;
        _started = options.Clock.GetTimestamp();
    }

    public TemplateOptions Options { get; }

    public StringBuilder Output { get; private set; } = new();

    /// <summary>Where in the template the run is, for errors.</summary>
    public int Offset { get; private set; }

    public void At(int offset)
    {
        Offset = offset;
        Step();
    }

    /// <summary>Back to a place that has been counted already.</summary>
    public void Return(int offset) => Offset = offset;

    public void Step()
    {
        _steps++;
        if (_steps > _limits.Steps)
        {
            throw Exceeded("steps", _limits.Steps);
        }

        if (_steps % StepsBetweenChecks == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (Options.Clock.GetElapsedTime(_started) > _limits.Time)
            {
                throw Exceeded("milliseconds", _limits.Time.TotalMilliseconds);
            }
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateFault("The template nests too deeply", TemplateErrorKind.Limit);
        }
    }

    /// <summary>Pays for text or list entries about to be made.</summary>
    public void Allocate(long units)
    {
        _allocated += units;
        if (_allocated > _limits.Allocation)
        {
            throw Exceeded("characters and list entries made while rendering", _limits.Allocation);
        }
    }

    public void Write(string text)
    {
        _outputLength += text.Length;
        if (_outputLength > _limits.OutputLength)
        {
            throw Exceeded("characters of output", _limits.OutputLength);
        }

        Output.Append(text);
    }

    /// <summary>What <paramref name="body"/> writes, instead of writing it.</summary>
    public string Capture(Body body, Frame frame)
    {
        var outer = Output;
        Output = new StringBuilder();
        try
        {
            body.Render(frame);
            return Output.ToString();
        }
        finally
        {
            Output = outer;
        }
    }

    public void EnterCall()
    {
        if (++_callDepth > _limits.CallDepth)
        {
            throw Exceeded("macros calling each other", _limits.CallDepth);
        }
    }

    public void LeaveCall() => _callDepth--;

    /// <summary>A name no scope has.</summary>
    public TemplateValue Global(string name)
    {
        if (_globals?.TryGetValue(name, out var known) == true)
        {
            return known;
        }

        if (Options.CookiecutterCompat && name is ("True" or "False" or "None"))
        {
            return name switch { "True" => true, "False" => false, _ => TemplateValue.Null };
        }

        var value = !Options.Globals.TryGetValue(name, out var global) ? GlobalFunctions.Find(name)
            : _mayMutate ? ValueGraph.Clone(global) : global;
        (_globals ??= new(StringComparer.Ordinal))[name] = value;
        return value;
    }

    private static TemplateFault Exceeded(string what, double limit) =>
        new($"The template exceeds the limit of {NumberText.Format(limit)} {what}", TemplateErrorKind.Limit);
}
