using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Actions;
using Microsoft.Extensions.FileSystemGlobbing;
using YamlDotNet.Core;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>What the required files must say (INV-5): a chart with probes and limits, CI with security scanning, monitoring, owners that are named.</summary>
internal static partial class GoldenPathContent
{
    /// <summary>By the names that <c>Scaffolder:Guardrails:GoldenPath:RequiredContent</c> uses.</summary>
    private static readonly Dictionary<string, Func<GuardrailOptions, IReadOnlyDictionary<string, string>, IEnumerable<string>>> Checks = new(StringComparer.OrdinalIgnoreCase)
    {
        ["owner"] = Owners,
        ["naming"] = Naming,
        ["probes"] = (_, files) => Lacks(ChartTemplates(files), LivenessProbe(), "the Helm chart has no livenessProbe").Concat(Lacks(ChartTemplates(files), ReadinessProbe(), "the Helm chart has no readinessProbe")),
        ["limits"] = (_, files) => Lacks(Of(files, "**/templates/**/*.yaml", "**/values*.yaml"), Limits(), "the Helm chart sets no resource limits (resources.limits)"),
        ["security-scan"] = (options, files) => Lacks(
            Of(files, ".github/workflows/*", ".gitlab-ci.yml", ".gitea/workflows/*", ".tekton/*"),
            new Regex(string.Join('|', options.GoldenPath.SecurityScanners.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Regex.Escape)), RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)),
            $"the CI pipeline has no security scanning; allowed: one of {options.GoldenPath.SecurityScanners}"),
        ["monitoring"] = (_, files) => Lacks(Of(files, "**/*.yaml", "**/*.yml"), ServiceMonitor(), "there is no ServiceMonitor or PodMonitor"),
        ["dashboard"] = (_, files) => files.Keys.Any(f => Dashboard().IsMatch(f)) ? [] : ["there is no Grafana dashboard (a file or folder called dashboard)"],
    };

    private static readonly string[] WithoutOwner = ["Location", "User", "Group"];

    public static IReadOnlyCollection<string> Known => Checks.Keys;

    public static IEnumerable<string> Violations(GuardrailOptions options, string? type, IReadOnlyDictionary<string, string> files) =>
        EnvironmentTiers.Split(options.GoldenPath.RequiredContent.GetValueOrDefault(type ?? "") ?? "").SelectMany(name => Checks[name](options, files));

    private static IEnumerable<string> Owners(GuardrailOptions options, IReadOnlyDictionary<string, string> files) =>
        from entity in Entities(files)
        where !WithoutOwner.Contains(entity.Kind, StringComparer.OrdinalIgnoreCase) && string.IsNullOrWhiteSpace(entity.Json["spec"]?["owner"]?.ToString())
        select $"{entity.File}: {entity.Kind} {entity.Name} has no spec.owner";

    private static IEnumerable<string> Naming(GuardrailOptions options, IReadOnlyDictionary<string, string> files) =>
        from entity in Entities(files)
        let rule = options.Naming.GetValueOrDefault(entity.Kind)
        where rule is not null
        from allowed in NamingRules.Violations(rule, entity.Name)
        select $"{entity.File}: the name of {entity.Kind} \"{entity.Name}\" is not allowed; allowed: {allowed}";

    private static IEnumerable<(string File, string Kind, string Name, JsonObject Json)> Entities(IReadOnlyDictionary<string, string> files) =>
        from file in files
        where file.Key == "catalog-info.yaml" || file.Key.EndsWith("/catalog-info.yaml", StringComparison.Ordinal)
        from document in Documents(file.Value)
        select (file.Key, document["kind"]?.ToString() ?? "an entity without kind", document["metadata"]?["name"]?.ToString() ?? "", document);

    // What is no YAML the catalog refuses, with its reasons.
    private static IEnumerable<JsonObject> Documents(string yaml)
    {
        try
        {
            return YamlText.ReadAll(yaml).OfType<JsonObject>();
        }
        catch (YamlException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Lacks(IEnumerable<string> texts, Regex pattern, string violation) => texts.Any(pattern.IsMatch) ? [] : [violation];

    private static IEnumerable<string> ChartTemplates(IReadOnlyDictionary<string, string> files) => Of(files, "**/templates/**/*.yaml");

    private static IEnumerable<string> Of(IReadOnlyDictionary<string, string> files, params string[] patterns)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        return matcher.Match(files.Keys).Files.Select(f => files[f.Path]);
    }

    [GeneratedRegex(@"\blivenessProbe\s*:", RegexOptions.None, 1000)]
    private static partial Regex LivenessProbe();

    [GeneratedRegex(@"\breadinessProbe\s*:", RegexOptions.None, 1000)]
    private static partial Regex ReadinessProbe();

    [GeneratedRegex(@"\blimits\s*:\s*(\{\s*)?[\r\n\s]*(cpu|memory)\s*:", RegexOptions.None, 1000)]
    private static partial Regex Limits();

    [GeneratedRegex(@"(?m)^\s*kind:\s*(ServiceMonitor|PodMonitor)\b", RegexOptions.None, 1000)]
    private static partial Regex ServiceMonitor();

    [GeneratedRegex(@"(?i)(^|/)[^/]*dashboard", RegexOptions.None, 1000)]
    private static partial Regex Dashboard();
}
