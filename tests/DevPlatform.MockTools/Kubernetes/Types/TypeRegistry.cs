using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Types;

/// <summary>Which kinds the API serves: the installed ones and those defined by CustomResourceDefinition objects.</summary>
internal sealed class TypeRegistry
{
    private volatile IReadOnlyList<ResourceType> _types = InstalledTypes.All;

    public IReadOnlyList<ResourceType> All => _types;

    public ResourceType? Find(string group, string version, string plural) =>
        _types.FirstOrDefault(t => t.Group == group && t.Version == version && t.Plural == plural);

    public ResourceType? FindKind(string apiVersion, string kind) => _types.FirstOrDefault(t => t.ApiVersion == apiVersion && t.Kind == kind);

    /// <summary>Takes the given definitions in place of those before.</summary>
    public void Define(IEnumerable<JsonObject> customResourceDefinitions) =>
        _types = [.. InstalledTypes.All, .. customResourceDefinitions.SelectMany(Types)];

    private static IEnumerable<ResourceType> Types(JsonObject definition)
    {
        var names = definition.At("spec", "names");
        return from version in definition.Objects("spec", "versions")
               where version["served"]?.GetValue<bool>() != false
               select new ResourceType(
                   definition.Text("spec", "group")!,
                   version.Text("name")!,
                   names.Text("plural")!,
                   names.Text("kind")!,
                   definition.Text("spec", "scope") == "Namespaced")
               {
                   HasStatus = version.At("subresources", "status") is not null,
                   Schema = version.At("schema", "openAPIV3Schema") as JsonObject,
                   ShortNames = Strings(names.At("shortNames")),
                   Categories = Strings(names.At("categories")),
                   Custom = true,
               };
    }

    private static IReadOnlyList<string> Strings(JsonNode? array) => [.. (array as JsonArray ?? []).Select(n => n!.GetValue<string>())];
}
