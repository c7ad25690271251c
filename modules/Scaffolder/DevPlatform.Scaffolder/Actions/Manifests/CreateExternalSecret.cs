using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Manifests;

/// <summary><c>externalsecret:create</c>: an ExternalSecret that brings keys of a Vault path into a Secret; Git holds the reference only (INV-9).</summary>
internal sealed class CreateExternalSecret : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "externalsecret:create",
        Description = "Writes external-secret.yaml, an ExternalSecret that takes a Secret's keys from Vault.",
        InputSchema = Schema.Object(
            [
                ("name", Schema.Text("Name of the ExternalSecret and of the Secret")),
                ("namespace", Schema.Text("Kubernetes namespace")),
                ("vaultPath", Schema.Text("Path in Vault's key-value store: team-orders/payments")),
                ("keys", Schema.Map("Secret key → property in Vault; default: every property under its own name")),
                ("secretStore", Schema.Text("ClusterSecretStore; default: vault")),
                ("refreshInterval", Schema.Text("Default: 1h")),
                ("fileName", Schema.Text("Default: external-secret.yaml")),
                ("targetPath", Schema.Text("Workspace directory; default: its root")),
            ],
            "name", "namespace", "vaultPath"),
        OutputSchema = Schema.Object([("secret", Schema.Text("Name of the Secret")), ("files", Schema.List(Schema.Text("path"), "What was written"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: externalsecret:create\n    input:\n      name: payments-api\n      namespace: team-orders\n      vaultPath: team-orders/payments\n      keys: { API_KEY: apiKey }\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var name = Manifest.Name("name", context.Text("name"));
        var ns = Manifest.Name("namespace", context.Text("namespace"));
        var path = context.Text("vaultPath")!.Trim('/');
        // Teams keep their secrets below their own namespace: a template must not hand out another's.
        if (!path.StartsWith(ns + "/", StringComparison.Ordinal) || path.Split('/').Contains(".."))
        {
            throw InputException.For("vaultPath", path, $"a path below \"{ns}/\"");
        }

        var spec = new JsonObject
        {
            ["refreshInterval"] = context.Text("refreshInterval") ?? "1h",
            ["secretStoreRef"] = new JsonObject { ["kind"] = "ClusterSecretStore", ["name"] = context.Text("secretStore") ?? "vault" },
            ["target"] = new JsonObject { ["name"] = name },
        };
        if (context.Input["keys"] is JsonObject { Count: > 0 } keys)
        {
            spec["data"] = new JsonArray([.. keys.Select(k => new JsonObject
            {
                ["secretKey"] = k.Key,
                ["remoteRef"] = new JsonObject { ["key"] = path, ["property"] = k.Value?.ToString() },
            })]);
        }
        else
        {
            spec["dataFrom"] = new JsonArray(new JsonObject { ["extract"] = new JsonObject { ["key"] = path } });
        }

        var manifest = Manifest.Document("external-secrets.io/v1", "ExternalSecret", Manifest.Metadata(name, ns, null, null), spec);
        await Manifest.WriteAsync(context, cancellationToken, (context.Text("fileName") ?? "external-secret.yaml", [manifest]));
        context.Output["secret"] = name;
    }
}
