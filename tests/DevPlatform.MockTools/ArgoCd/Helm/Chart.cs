using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.ArgoCd.Helm;

/// <summary>Renders a Helm chart as <c>helm template</c> does, for charts without dependencies and hooks.</summary>
internal static class Chart
{
    public const string FileName = "Chart.yaml";

    /// <param name="files">The chart's files by path.</param>
    /// <param name="release">Name of the release.</param>
    /// <param name="namespace">Where it is installed.</param>
    /// <param name="helm"><c>spec.source.helm</c> of the Application: <c>valueFiles</c>, <c>valuesObject</c>.</param>
    /// <returns>The rendered text by the template's path; <c>NOTES.txt</c> and partials are no manifests.</returns>
    /// <exception cref="ManifestException">The chart cannot be rendered; the message says where and why.</exception>
    public static IEnumerable<(string Path, string Text)> Render(IReadOnlyDictionary<string, string> files, string release, string @namespace, JsonNode? helm = null)
    {
        var values = Yaml(files, "values.yaml") ?? [];
        foreach (var file in (helm.At("valueFiles") as JsonArray ?? []).Select(f => f!.ToString()))
        {
            Merge(values, Yaml(files, file) ?? throw new ManifestException($"open {file}: no such file or directory"));
        }

        Merge(values, helm.At("valuesObject") as JsonObject ?? []);
        var chart = Yaml(files, FileName) ?? throw new ManifestException("Chart.yaml file is missing");
        var root = new JsonObject
        {
            ["Values"] = values,
            ["Release"] = new JsonObject { ["Name"] = release, ["Namespace"] = @namespace, ["Service"] = "Helm", ["IsInstall"] = true },
            ["Chart"] = new JsonObject([.. chart.Select(p => KeyValuePair.Create(char.ToUpperInvariant(p.Key[0]) + p.Key[1..], p.Value?.DeepClone()))]),
        };
        var defines = new Dictionary<string, IReadOnlyList<Node>>(StringComparer.Ordinal);
        var templates = files.Where(f => f.Key.StartsWith("templates/", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => (f.Key, Nodes: TemplateParser.Parse(f.Key, f.Value, defines))).ToList();
        return from template in templates
               where Path.GetFileName(template.Key) is not ['_', ..] and not "NOTES.txt"
               select (template.Key, new TemplateRun(root, defines, files, template.Key).Render(template.Nodes));
    }

    private static JsonObject? Yaml(IReadOnlyDictionary<string, string> files, string path)
    {
        try
        {
            return files.TryGetValue(path, out var text) && YamlDocuments.Parse(text) is [JsonObject document, ..] ? document : null;
        }
        catch (FormatException error)
        {
            throw new ManifestException($"cannot load {path}: {error.Message}");
        }
    }

    private static void Merge(JsonObject target, JsonObject added)
    {
        foreach (var (key, value) in added)
        {
            if (value is JsonObject inner && target[key] is JsonObject same)
            {
                Merge(same, inner);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
