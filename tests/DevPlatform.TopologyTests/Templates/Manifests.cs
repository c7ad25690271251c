using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Types;
using DevPlatform.TestKit;

namespace DevPlatform.TopologyTests.Templates;

/// <summary>Kubernetes objects held against the definitions in <c>deploy/</c>: what a strict API server would say of them.</summary>
internal static class Manifests
{
    private static readonly Dictionary<(string ApiVersion, string Kind), JsonObject> Schemas = Read();

    /// <summary>The objects of a YAML file; each has an API version, a kind and a name.</summary>
    public static IReadOnlyList<JsonObject> Parse(string path, string text)
    {
        var documents = YamlDocuments.Parse(text).OfType<JsonObject>().ToList();
        documents.ShouldNotBeEmpty(path);
        foreach (var document in documents)
        {
            document.Text("apiVersion").ShouldNotBeNullOrEmpty(path);
            document.Text("kind").ShouldNotBeNullOrEmpty(path);
            document.Text("metadata", "name").ShouldNotBeNullOrEmpty(path);
        }

        return documents;
    }

    /// <summary>Whether <c>deploy/</c> defines the kind.</summary>
    public static bool IsDefined(JsonObject manifest) => Schemas.ContainsKey((manifest.Text("apiVersion")!, manifest.Text("kind")!));

    /// <summary>Fields that the kind does not have, and values that it does not take.</summary>
    public static IReadOnlyList<string> Problems(JsonObject manifest)
    {
        var schema = Schemas[(manifest.Text("apiVersion")!, manifest.Text("kind")!)];
        return [.. SchemaRules.Validate(manifest, schema).Select(e => $"{e}"), .. SchemaRules.Prune(manifest.Copy(), schema).Select(f => $"unknown field {f}")];
    }

    private static Dictionary<(string, string), JsonObject> Read() => new[] { "crossplane", "kafka" }
        .SelectMany(directory => Directory.EnumerateFiles(Repository.PathOf("deploy", directory), "*.yaml"))
        .SelectMany(f => YamlDocuments.Parse(File.ReadAllText(f)).OfType<JsonObject>())
        .SelectMany(d => d.Text("kind") switch
        {
            "CompositeResourceDefinition" => CompositeDefinitions.Expand(d),
            "CustomResourceDefinition" => [d],
            _ => [],
        })
        .SelectMany(d => d.Objects("spec", "versions").Select(v => (
            Key: ($"{d.Text("spec", "group")}/{v.Text("name")}", d.Text("spec", "names", "kind")!), Schema: (JsonObject)v.At("schema", "openAPIV3Schema")!)))
        .ToDictionary(d => d.Key, d => d.Schema);
}
