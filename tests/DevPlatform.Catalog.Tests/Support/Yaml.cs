namespace DevPlatform.Catalog.Tests.Support;

/// <summary>Small catalog files.</summary>
internal static class Yaml
{
    public static string Component(string name, string owner, string spec = "", string metadata = "") =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{metadata}spec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n{spec}";

    public static string Resource(string name, string owner, string environment = "development") =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: {name}\n  labels: {{ devplatform.io/environment: {environment} }}\nspec: {{ type: database, owner: {owner} }}\n";

    public static string Group(string name) =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: {name}\nspec: {{ type: team, children: [] }}\n";

    public static string Location(string name, params string[] targets) =>
        $"apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: {name}\nspec:\n  type: url\n  targets: [{string.Join(", ", targets)}]\n";

    public static string All(params string[] documents) => string.Join("---\n", documents);
}
