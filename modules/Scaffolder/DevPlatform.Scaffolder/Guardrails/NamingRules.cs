using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.JsonSchemas;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>Naming rules per resource type (INV-6).</summary>
internal static class NamingRules
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    public static IEnumerable<ValidationError> Check(GuardrailOptions options, ProvisioningRequest request)
    {
        var rule = options.Naming.GetValueOrDefault(request.ResourceType) ?? options.Naming.GetValueOrDefault("*") ?? new NamingRule();
        return Violations(rule, request.Name ?? "").Select(allowed => EnvironmentTiers.Error(request, "name", request.Name, allowed, "naming"));
    }

    /// <summary>What a rule allows, for each part of it that a name breaks.</summary>
    public static IEnumerable<string> Violations(NamingRule rule, string name)
    {
        if (name.Length < rule.MinLength || name.Length > rule.MaxLength)
        {
            yield return $"{rule.MinLength} to {rule.MaxLength} characters";
        }

        if (!Regex.IsMatch(name, rule.Pattern, RegexOptions.None, RegexTimeout))
        {
            yield return $"a name that matches {rule.Pattern}";
        }

        if (EnvironmentTiers.Split(rule.Reserved).Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"a name that is not reserved ({rule.Reserved})";
        }
    }
}
