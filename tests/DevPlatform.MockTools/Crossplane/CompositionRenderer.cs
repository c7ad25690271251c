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
                var patches = template.Objects("patches").SelectMany(p => p.Text("type") switch
                {
                    "PatchSet" => sets[p.Text("patchSetName")!],
                    "ToCompositeFieldPath" or "CombineToComposite" => [],
                    _ => [p],
                });
                // A patch that is required and has no value leaves the whole resource out.
                if (patches.All(patch => Apply(patch, composite, resource) || patch.Text("policy", "fromFieldPath") != "Required"))
                {
                    yield return (template.Text("name")!, resource);
                }
            }
        }
    }

    /// <summary>What the composed resources put into the composite resource's status.</summary>
    public static JsonObject Status(JsonObject composition, IReadOnlyDictionary<string, JsonObject> composed)
    {
        var composite = new JsonObject { ["status"] = new JsonObject() };
        foreach (var template in composition.Objects("spec", "pipeline").SelectMany(s => s["input"].Objects("resources")))
        {
            if (composed.TryGetValue(template.Text("name")!, out var resource))
            {
                foreach (var patch in template.Objects("patches").Where(p => p.Text("type") is "ToCompositeFieldPath" or "CombineToComposite"))
                {
                    Apply(patch, resource, composite);
                }
            }
        }

        return composite.Child("status");
    }

    /// <summary>Whether there was a value to take over.</summary>
    private static bool Apply(JsonObject patch, JsonObject from, JsonObject to)
    {
        var type = patch.Text("type") ?? "FromCompositeFieldPath";
        var value = type switch
        {
            "FromCompositeFieldPath" or "ToCompositeFieldPath" => Get(from, patch.Text("fromFieldPath")!),
            "CombineFromComposite" or "CombineToComposite" => Combine(patch["combine"], from),
            _ => throw new InvalidOperationException($"patch type '{type}'; allowed: FromCompositeFieldPath, CombineFromComposite, ToCompositeFieldPath, CombineToComposite, PatchSet"),
        };
        foreach (var transform in patch.Objects("transforms"))
        {
            value = value is null ? null : Transform(transform, value);
        }

        if (value is not null)
        {
            Set(to, patch.Text("toFieldPath") ?? patch.Text("fromFieldPath")!, value.DeepClone());
        }

        return value is not null;
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
        "convert" when transform.Text("convert", "toType") is "int" or "int64" => JsonValue.Create(long.Parse(value.ToString())),
        var other => throw new InvalidOperationException($"transform type '{other}'; allowed: map, string Format, convert to int64"),
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

    [GeneratedRegex("%[%sdtv]", RegexOptions.None, 1000)]
    private static partial Regex Verb();
}
