using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>What function-patch-and-transform does with a Composition: base resources, patched with values of the composite resource.</summary>
internal static partial class CompositionRenderer
{
    /// <summary>The composed resources by their name in the composition.</summary>
    /// <exception cref="InvalidOperationException">The composition uses something unknown; the message says what.</exception>
    public static IEnumerable<(string Name, JsonObject Resource)> Render(JsonObject composition, JsonObject composite)
    {
        foreach (var input in composition.Objects("spec", "pipeline").Select(s => s["input"]).Where(i => i.Text("kind") == "Resources"))
        {
            var sets = input.Objects("patchSets").ToDictionary(s => s.Text("name")!, s => s.Objects("patches").ToArray());
            foreach (var template in input.Objects("resources"))
            {
                var resource = ((JsonObject)template["base"]!).Copy();
                foreach (var patch in template.Objects("patches").SelectMany(p => p.Text("type") == "PatchSet" ? sets[p.Text("patchSetName")!] : [p]))
                {
                    Apply(patch, composite, resource);
                }

                yield return (template.Text("name")!, resource);
            }
        }
    }

    private static void Apply(JsonObject patch, JsonObject composite, JsonObject resource)
    {
        var type = patch.Text("type") ?? "FromCompositeFieldPath";
        var value = type switch
        {
            "FromCompositeFieldPath" => Get(composite, patch.Text("fromFieldPath")!),
            "CombineFromComposite" => Combine(patch["combine"], composite),
            _ => throw new InvalidOperationException($"patch type '{type}'; allowed: FromCompositeFieldPath, CombineFromComposite, PatchSet"),
        };
        foreach (var transform in patch.Objects("transforms"))
        {
            value = value is null ? null : Transform(transform, value);
        }

        if (value is not null)
        {
            Set(resource, patch.Text("toFieldPath") ?? patch.Text("fromFieldPath")!, value.DeepClone());
        }
    }

    private static JsonValue? Combine(JsonNode? combine, JsonObject composite)
    {
        var values = combine.Objects("variables").Select(v => Get(composite, v.Text("fromFieldPath")!)).ToArray();
        return values.Any(v => v is null) ? null : Format(combine.Text("string", "fmt")!, values!);
    }

    private static JsonNode? Transform(JsonObject transform, JsonNode value) => transform.Text("type") switch
    {
        "map" => transform.At("map", value.ToString()) ?? throw new InvalidOperationException($"key {value} is not found in map"),
        "string" when transform.Text("string", "type") is null or "Format" => Format(transform.Text("string", "fmt")!, [value]),
        var other => throw new InvalidOperationException($"transform type '{other}'; allowed: map, string Format"),
    };

    private static JsonValue Format(string format, JsonNode[] values)
    {
        var next = 0;
        return JsonValue.Create(Verb().Replace(format, match => match.Value == "%%" ? "%" : values[next++].ToString()));
    }

    private static JsonNode? Get(JsonNode node, string path)
    {
        JsonNode? current = node;
        foreach (var part in Parts(path))
        {
            current = part.Index is { } index ? (current as JsonArray)?.ElementAtOrDefault(index) : (current as JsonObject)?[part.Name];
        }

        return current;
    }

    private static void Set(JsonNode node, string path, JsonNode value)
    {
        var parts = Parts(path).ToArray();
        for (var i = 0; i < parts.Length - 1; i++)
        {
            JsonNode Missing() => parts[i + 1].Index is null ? new JsonObject() : new JsonArray();
            if (parts[i].Index is { } index)
            {
                node = node[index] ??= Missing();
            }
            else
            {
                node = node[parts[i].Name] ??= Missing();
            }
        }

        node[parts[^1].Name] = value;
    }

    private static IEnumerable<(string Name, int? Index)> Parts(string path) =>
        Part().Matches(path).Select(m => m.Groups["index"].Success ? ("", int.Parse(m.Groups["index"].Value)) : (m.Groups["name"].Value, (int?)null));

    [GeneratedRegex(@"\[(?<index>\d+)\]|\[(?<name>[^\]]+)\]|(?<name>[^.\[\]]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    [GeneratedRegex("%[%sdv]", RegexOptions.None, 1000)]
    private static partial Regex Verb();
}
