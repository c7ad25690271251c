using System.Text.Json.Nodes;

namespace DevPlatform.MockTools.Kubernetes.Types;

/// <summary>The documents through which clients learn what the API serves.</summary>
internal sealed class Discovery(TypeRegistry types)
{
    private static readonly string[] ObjectVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public JsonObject CoreVersions() => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() };

    public JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. Names().Select(n => Group(n)!)]),
    };

    public JsonObject? Group(string name)
    {
        var versions = types.All.Where(t => t.Group == name && name.Length > 0).Select(t => t.Version).Distinct().ToArray();
        return versions.Length == 0 ? null : new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = name,
            ["versions"] = new JsonArray([.. versions.Select(v => Version(name, v))]),
            ["preferredVersion"] = Version(name, versions[0]),
        };
    }

    public JsonObject? Resources(string group, string version)
    {
        var served = types.All.Where(t => t.Group == group && t.Version == version).ToArray();
        return served.Length == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray([.. served.SelectMany(Resources)]),
        };
    }

    private IEnumerable<string> Names() => types.All.Select(t => t.Group).Where(g => g.Length > 0).Distinct().Order(StringComparer.Ordinal);

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private static IEnumerable<JsonObject> Resources(ResourceType type)
    {
        yield return new JsonObject
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Kind.ToLowerInvariant(),
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Array(ObjectVerbs),
            ["shortNames"] = Array(type.ShortNames),
            ["categories"] = Array(type.Categories),
        };
        if (type.HasStatus)
        {
            yield return new JsonObject
            {
                ["name"] = $"{type.Plural}/status",
                ["singularName"] = "",
                ["namespaced"] = type.Namespaced,
                ["kind"] = type.Kind,
                ["verbs"] = Array(["get", "patch", "update"]),
            };
        }
    }

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(v => JsonValue.Create(v))]);
}
