using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.Scaffolder.Actions;
using YamlDotNet.Core;

namespace DevPlatform.Scaffolder.Guardrails;

/// <summary>
/// What is about to be published that opens something to others (RFC §6.7.2): to the internet, which security approves, or to other namespaces, which the
/// platform team approves. Read from the manifests and chart values themselves, so that no template can leave the question out.
/// </summary>
internal static partial class ExposureRules
{
    public const string PublicIngress = "public-ingress";
    public const string CrossNamespace = "cross-namespace";

    private static readonly string[] PublicKinds = ["Ingress", "HTTPRoute", "TLSRoute", "Gateway", "VirtualService", "IngressRoute"];

    /// <summary>Rule and reason of each exposure, one per file and rule.</summary>
    public static IReadOnlyList<(string Rule, string Reason)> Find(GuardrailOptions options, IReadOnlyDictionary<string, string> files)
    {
        var shared = EnvironmentTiers.Split(options.SharedNamespaces);
        var found = new List<(string, string)>();
        foreach (var (file, text) in files.Where(f => f.Key.EndsWith(".yaml", StringComparison.Ordinal) || f.Key.EndsWith(".yml", StringComparison.Ordinal)))
        {
            if (IsChartTemplate(file, files))
            {
                // What its values decide is seen in the values.
                if (PublicKind().IsMatch(text) && !Conditional().IsMatch(text))
                {
                    found.Add((PublicIngress, $"{file} makes it reachable from outside, whatever the values say"));
                }

                continue;
            }

            foreach (var document in Documents(text))
            {
                found.AddRange(IsChartValues(file, files) ? OfValues(file, document) : OfManifest(file, document, shared));
            }
        }

        return [.. found.Distinct()];
    }

    private static IEnumerable<(string, string)> OfManifest(string file, JsonObject manifest, string[] shared)
    {
        var kind = manifest["kind"]?.ToString() ?? "";
        var spec = manifest["spec"] as JsonObject ?? [];
        if (PublicKinds.Contains(kind, StringComparer.Ordinal) || (kind == "Service" && spec["type"]?.ToString() is "LoadBalancer" or "NodePort"))
        {
            yield return (PublicIngress, $"{file} has a {kind} that is reachable from outside");
        }

        var own = (manifest["metadata"] as JsonObject)?["namespace"]?.ToString();
        if (kind == "ReferenceGrant"
            || (kind == "NetworkPolicy" && Rules(spec).Any(peer => Opens(peer["namespaceSelector"], own, shared)))
            || (kind == "RoleBinding" && Items(manifest["subjects"]).Any(s => s["namespace"]?.ToString() is { } other && other != own)))
        {
            yield return (CrossNamespace, $"{file} has a {kind} that opens it to other namespaces");
        }
    }

    private static IEnumerable<(string, string)> OfValues(string file, JsonObject values)
    {
        var ingress = values["ingress"] as JsonObject ?? values["route"] as JsonObject ?? [];
        if (IsSet(ingress["enabled"]) || (ingress["enabled"] is null && (IsSet(ingress["host"]) || IsSet(ingress["hosts"])))
            || (values["service"] as JsonObject)?["type"]?.ToString() is "LoadBalancer" or "NodePort")
        {
            yield return (PublicIngress, $"{file} makes it reachable from outside");
        }

        if (IsSet(values["allowedNamespaces"]) || IsSet((values["networkPolicy"] as JsonObject)?["allowedNamespaces"]))
        {
            yield return (CrossNamespace, $"{file} opens it to other namespaces");
        }
    }

    private static IEnumerable<JsonObject> Rules(JsonObject policy) => Items(policy["ingress"]).SelectMany(rule => Items(rule["from"]));

    private static bool Opens(JsonNode? selector, string? own, string[] shared) =>
        selector is JsonObject chosen
        && ((chosen["matchLabels"] as JsonObject)?["kubernetes.io/metadata.name"]?.ToString() is not { } name || (name != own && !shared.Contains(name, StringComparer.Ordinal)));

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static bool IsSet(JsonNode? value) => value switch
    {
        JsonArray list => list.Count > 0,
        JsonValue v => v.ToString() is not ("" or "false"),
        _ => false,
    };

    private static bool IsChartTemplate(string file, IReadOnlyDictionary<string, string> files) =>
        file.LastIndexOf("/templates/", StringComparison.Ordinal) is var at && at > 0 ? files.ContainsKey($"{file[..at]}/Chart.yaml") : file.StartsWith("templates/", StringComparison.Ordinal) && files.ContainsKey("Chart.yaml");

    private static bool IsChartValues(string file, IReadOnlyDictionary<string, string> files) =>
        Path.GetFileName(file).StartsWith("values", StringComparison.Ordinal)
        && files.ContainsKey(Path.Combine(Path.GetDirectoryName(file) ?? "", "Chart.yaml").Replace('\\', '/'));

    private static IEnumerable<JsonObject> Documents(string yaml)
    {
        try
        {
            return YamlText.ReadAll(yaml).OfType<JsonObject>();
        }
        catch (YamlException)
        {
            // Not YAML by itself: nobody applies it as it is.
            return [];
        }
    }

    [GeneratedRegex(@"(?m)^kind:\s*(Ingress|HTTPRoute|TLSRoute|Gateway|VirtualService|IngressRoute)\s*$", RegexOptions.None, 1000)]
    private static partial Regex PublicKind();

    [GeneratedRegex(@"\{\{-?\s*(if|with)\s+[^}]*\.Values\.", RegexOptions.None, 1000)]
    private static partial Regex Conditional();
}
