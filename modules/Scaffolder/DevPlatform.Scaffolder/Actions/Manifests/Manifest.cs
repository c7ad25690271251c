using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Manifests;

/// <summary>What the actions that write Kubernetes manifests have in common. They touch no cluster: a commit does (INV-4).</summary>
internal static class Manifest
{
    public static JsonObject Document(string apiVersion, string kind, JsonObject metadata, JsonObject spec) =>
        new() { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };

    /// <summary>Metadata with the labels that tie a manifest to its entity.</summary>
    public static JsonObject Metadata(string name, string ns, EntityRef? entity, string? environment)
    {
        var labels = new JsonObject();
        if (entity is { } of)
        {
            labels["platform.devplatform.io/entity"] = $"{of.Kind}.{of.Namespace}.{of.Name}".ToLowerInvariant();
        }

        if (environment is not null)
        {
            labels["platform.devplatform.io/environment"] = environment;
        }

        return new JsonObject { ["name"] = name, ["namespace"] = ns, ["labels"] = labels };
    }

    /// <summary>The Resource that a manifest becomes in the catalog.</summary>
    public static JsonObject Resource(ActionContext context, string name, string type, JsonObject annotations)
    {
        var metadata = new JsonObject { ["name"] = name };
        Copy(context, "title", metadata);
        Copy(context, "description", metadata);
        if (context.Text("environment") is { } environment)
        {
            annotations["devplatform.io/environment"] = environment;
            metadata["labels"] = new JsonObject { ["devplatform.io/environment"] = environment };
        }

        metadata["annotations"] = annotations;
        var spec = new JsonObject { ["type"] = type, ["owner"] = context.Text("owner") };
        Copy(context, "system", spec);
        if (context.Texts("dependsOn") is { Length: > 0 } dependsOn)
        {
            spec["dependsOn"] = new JsonArray([.. dependsOn.Select(d => (JsonNode)d)]);
        }

        return Document("backstage.io/v1alpha1", "Resource", metadata, spec);
    }

    /// <summary>Writes documents below the step's <c>targetPath</c>; a catalog-info.yaml that is there stays.</summary>
    public static async Task WriteAsync(ActionContext context, CancellationToken cancellationToken, params (string File, JsonObject[] Documents)[] files)
    {
        var directory = context.Text("targetPath") ?? ".";
        var written = new JsonArray();
        foreach (var (file, documents) in files)
        {
            var path = directory == "." ? file : $"{directory}/{file}";
            if (file == "catalog-info.yaml" && context.Workspace.Exists(path))
            {
                continue;
            }

            await context.Workspace.WriteTextAsync(path, string.Join("---\n", documents.Select(YamlText.Write)), cancellationToken);
            written.Add(path);
        }

        context.Output["files"] = written;
        await context.LogAsync($"Wrote {string.Join(", ", written.Select(f => f!.ToString()))}");
    }

    /// <exception cref="InputException">Not a name that Kubernetes takes as a label too.</exception>
    public static string Name(string field, string? name) =>
        name is { Length: > 0 and <= 63 } && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-') && name[0] != '-' && name[^1] != '-'
            ? name
            : throw InputException.For(field, name, "1 to 63 lower-case letters, digits and dashes, not at the ends");

    /// <summary>New ones each time: a node has one parent.</summary>
    public static (string Name, JsonObject Schema)[] EntityInputs =>
    [
        ("owner", Schema.Text("Entity ref of the owner")),
        ("title", Schema.Text("Title of the Resource")),
        ("description", Schema.Text("Description of the Resource")),
        ("system", Schema.Text("System of the Resource")),
        ("dependsOn", Schema.List(Schema.Text("entity ref"), "What the Resource depends on")),
        ("environment", Schema.Text("development, staging or production")),
        ("targetPath", Schema.Text("Workspace directory; default: its root")),
    ];

    private static void Copy(ActionContext context, string input, JsonObject target)
    {
        if (context.Text(input) is { } text)
        {
            target[input] = text;
        }
    }
}
