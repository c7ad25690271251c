using System.Text.RegularExpressions;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;

namespace DevPlatform.Scaffolder.Templates;

/// <summary>Where a template is in its life (RFC §6.6), by the annotation <c>devplatform.io/lifecycle</c>.</summary>
internal static partial class TemplateLifecycle
{
    public const string Annotation = "devplatform.io/lifecycle";
    public const string ReplacedByAnnotation = "devplatform.io/replaced-by";
    public const string PilotGroupsAnnotation = "devplatform.io/pilot-groups";
    public const string VersionAnnotation = "devplatform.io/version";

    private static readonly string[] Stages = ["Development", "Review", "Beta", "GA", "Deprecated", "Retired"];

    /// <summary>Whether the caller may run the template at its stage: a beta is for its pilot groups and its owners (RFC §6.6).</summary>
    /// <exception cref="NotAllowedException">The caller is none of them.</exception>
    /// <exception cref="InputException">The template says something about itself that is not allowed.</exception>
    public static void RequireMayRun(Template template, Caller caller)
    {
        var stage = template.Annotation(Annotation);
        if (stage is not null && !Stages.Contains(stage, StringComparer.OrdinalIgnoreCase))
        {
            throw InputException.For($"metadata.annotations[{Annotation}]", stage, string.Join(", ", Stages));
        }

        if (template.Annotation(VersionAnnotation) is { } version && !SemanticVersion().IsMatch(version))
        {
            throw InputException.For($"metadata.annotations[{VersionAnnotation}]", version, "a semantic version, such as 1.4.0");
        }

        if (!string.Equals(stage, "Beta", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var pilots = (template.Annotation(PilotGroupsAnnotation) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(group => EntityRef.TryParse(group, out var parsed, defaultKind: "group") ? parsed.ToString() : group).ToList();
        if (!pilots.Concat(template.Owners).Any(r => caller.OwnershipRefs.Contains(r, StringComparer.OrdinalIgnoreCase)))
        {
            throw new NotAllowedException(
                $"{template.EntityRef} is in beta: found {caller.UserRef}; allowed: its owners and its pilot groups ({(pilots.Count > 0 ? string.Join(", ", pilots) : $"none; the annotation {PilotGroupsAnnotation} names them")})");
        }
    }

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

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", RegexOptions.None, 1000)]
    private static partial Regex SemanticVersion();
}
