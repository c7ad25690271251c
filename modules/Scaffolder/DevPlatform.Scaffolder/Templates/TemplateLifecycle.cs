using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>Where a template is in its life (RFC §6.6), by the annotation <c>devplatform.io/lifecycle</c>.</summary>
internal static class TemplateLifecycle
{
    public const string Annotation = "devplatform.io/lifecycle";
    public const string ReplacedByAnnotation = "devplatform.io/replaced-by";

    /// <summary>What the log of a deprecated template's task says first; null for the others.</summary>
    /// <exception cref="ConflictException">The template is retired.</exception>
    public static string? Check(Template template)
    {
        var migration = template.Annotation(ReplacedByAnnotation) is { } replacement ? $"use {replacement}" : "ask its owner for a replacement";
        return template.Annotation(Annotation)?.ToLowerInvariant() switch
        {
            "retired" => throw new ConflictException($"{template.EntityRef} is retired and does not run any more; {migration}"),
            "deprecated" => $"{template.EntityRef} is deprecated; {migration}",
            _ => null,
        };
    }
}
