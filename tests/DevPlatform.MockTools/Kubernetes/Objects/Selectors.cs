using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Objects;

/// <summary>Label and field selectors of lists and watches.</summary>
internal static partial class Selectors
{
    /// <exception cref="KubernetesException">A selector cannot be understood.</exception>
    public static Func<JsonObject, bool> Parse(ResourceType type, string? labelSelector, string? fieldSelector)
    {
        var labels = Split(labelSelector).Select(Label).ToArray();
        var fields = Split(fieldSelector).Select(f => Field(type, f)).ToArray();
        return candidate => labels.All(l => l(candidate)) && fields.All(f => f(candidate));
    }

    /// <summary>At the commas outside parentheses.</summary>
    private static IEnumerable<string> Split(string? selector) =>
        Regex.Split(selector ?? "", @",(?![^()]*\))", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(p => p.Trim()).Where(p => p.Length > 0);

    private static Func<JsonObject, bool> Label(string requirement)
    {
        if (SetRequirement().Match(requirement) is { Success: true } set)
        {
            var values = set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            var isIn = set.Groups["operator"].Value == "in";
            return o => Value(o, set.Groups["key"].Value) is { } value ? values.Contains(value) == isIn : !isIn;
        }

        if (EqualityRequirement().Match(requirement) is { Success: true } equality)
        {
            var (key, expected, differs) = (equality.Groups["key"].Value, equality.Groups["value"].Value, equality.Groups["operator"].Value == "!=");
            return o => (Value(o, key) == expected) != differs;
        }

        if (ExistsRequirement().Match(requirement) is { Success: true } exists)
        {
            return o => (Value(o, exists.Groups["key"].Value) is null) == exists.Groups["not"].Success;
        }

        throw KubernetesException.BadRequest($"unable to parse requirement: found '{requirement}', expected: !, identifier, in, notin, =, ==, !=");
    }

    private static Func<JsonObject, bool> Field(ResourceType type, string requirement)
    {
        if (EqualityRequirement().Match(requirement) is not { Success: true } match)
        {
            throw KubernetesException.BadRequest($"invalid selector: '{requirement}'; can't understand '{requirement}'");
        }

        var field = match.Groups["key"].Value;
        var selectable = field is "metadata.name" or "metadata.namespace"
            || (type is { Group: "", Plural: "pods" } && field is "status.phase" or "spec.nodeName" or "status.podIP" or "spec.serviceAccountName")
            || (type is { Plural: "events" } && (field.StartsWith("involvedObject.") || field is "reason" or "type"))
            || (type is { Plural: "secrets" } && field is "type");
        if (!selectable)
        {
            throw KubernetesException.BadRequest($"field label not supported: {field}");
        }

        var path = field.Split('.');
        var differs = match.Groups["operator"].Value == "!=";
        return o => ((o.Text(path) ?? "") == match.Groups["value"].Value) != differs;
    }

    private static string? Value(JsonObject candidate, string label) => candidate.Text("metadata", "labels", label);

    [GeneratedRegex(@"^(?<key>[\w./-]+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SetRequirement();

    [GeneratedRegex(@"^(?<key>[\w./-]+)\s*(?<operator>==|=|!=)\s*(?<value>[\w.:/-]*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EqualityRequirement();

    [GeneratedRegex(@"^(?<not>!)?\s*(?<key>[\w./-]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExistsRequirement();
}
