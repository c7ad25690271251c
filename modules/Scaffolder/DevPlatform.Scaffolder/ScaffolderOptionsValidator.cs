using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Guardrails;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder;

/// <summary>What data annotations cannot say: says which key, what was found and what is allowed.</summary>
internal sealed class ScaffolderOptionsValidator : IValidateOptions<ScaffolderOptions>
{
    public ValidateOptionsResult Validate(string? name, ScaffolderOptions options)
    {
        var failures = Naming(options.Guardrails).Concat(Tiers(options.Guardrails)).Concat(Quotas(options.Guardrails)).Concat(GoldenPath(options.Guardrails.GoldenPath)).Concat(Tasks(options.Tasks)).ToList();
        if (options.GitOps.Repository.Length > 0 && !Uri.TryCreate(options.GitOps.Repository, UriKind.Absolute, out _))
        {
            failures.Add($"Scaffolder:GitOps:Repository: found \"{options.GitOps.Repository}\"; allowed: an absolute clone URL");
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> Naming(GuardrailOptions options)
    {
        foreach (var (type, rule) in options.Naming)
        {
            var key = $"Scaffolder:Guardrails:Naming:{type}";
            if (rule.MinLength > rule.MaxLength)
            {
                yield return $"{key}:MinLength: found {rule.MinLength}; allowed: up to MaxLength ({rule.MaxLength})";
            }

            if (!IsRegex(rule.Pattern))
            {
                yield return $"{key}:Pattern: found \"{rule.Pattern}\"; allowed: a regular expression";
            }
        }
    }

    private static IEnumerable<string> Tiers(GuardrailOptions options)
    {
        foreach (var (environment, tier) in options.Tiers)
        {
            var key = $"Scaffolder:Guardrails:Tiers:{environment}";
            if (EnvironmentTiers.Normalize(environment) != environment)
            {
                yield return $"{key}: found \"{environment}\"; allowed: development, staging, production";
            }

            if (tier.Backup is not ("daily" or "continuous"))
            {
                yield return $"{key}:Backup: found \"{tier.Backup}\"; allowed: daily, continuous";
            }

            if (tier.MaxReplicas < tier.Replicas)
            {
                yield return $"{key}:MaxReplicas: found {tier.MaxReplicas}; allowed: {tier.Replicas} (Replicas) or more";
            }
        }
    }

    private static IEnumerable<string> Quotas(GuardrailOptions options) =>
        options.Quotas.Where(q => q.Value < 0).Select(q => $"Scaffolder:Guardrails:Quotas:{q.Key}: found {q.Value}; allowed: 0 or more");

    private static IEnumerable<string> GoldenPath(GoldenPathOptions options) =>
        from type in options.RequiredContent
        from name in EnvironmentTiers.Split(type.Value)
        where !GoldenPathContent.Known.Contains(name, StringComparer.OrdinalIgnoreCase)
        select $"Scaffolder:Guardrails:GoldenPath:RequiredContent:{type.Key}: found \"{name}\"; allowed: {string.Join(", ", GoldenPathContent.Known)}";

    private static IEnumerable<string> Tasks(TaskOptions options)
    {
        if (options.HeartbeatInterval <= TimeSpan.Zero || options.HeartbeatInterval * 2 > options.HeartbeatTimeout)
        {
            yield return $"Scaffolder:Tasks:HeartbeatInterval: found {options.HeartbeatInterval}; allowed: more than zero, at most half of HeartbeatTimeout ({options.HeartbeatTimeout})";
        }

        if (options.SweepInterval <= TimeSpan.Zero)
        {
            yield return $"Scaffolder:Tasks:SweepInterval: found {options.SweepInterval}; allowed: more than zero";
        }
    }

    private static bool IsRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
