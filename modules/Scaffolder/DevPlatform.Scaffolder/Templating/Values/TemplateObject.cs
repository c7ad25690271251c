namespace DevPlatform.Scaffolder.Templating;

/// <summary>Whatever a <see cref="TemplateValue"/> can hold besides a plain string.</summary>
internal abstract class TemplateObject(TemplateValueKind kind)
{
    public TemplateValueKind Kind { get; } = kind;
}

internal sealed class SafeText(string text) : TemplateObject(TemplateValueKind.SafeText)
{
    public string Text { get; } = text;
}
