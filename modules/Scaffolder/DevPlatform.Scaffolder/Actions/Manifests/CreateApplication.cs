using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;

namespace DevPlatform.Scaffolder.Actions.Manifests;

/// <summary><c>argocd:create-application</c>: the Argo CD Application that deploys a chart or directory. Argo CD makes it once it is committed.</summary>
internal sealed class CreateApplication : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "argocd:create-application",
        Description = "Writes application.yaml, an Argo CD Application with automated sync.",
        InputSchema = Schema.Object(
            [
                ("name", Schema.Text("Name of the Application")),
                ("namespace", Schema.Text("Namespace that it deploys to")),
                ("repoUrl", Schema.Text("Clone URL of the repository with the manifests")),
                ("path", Schema.Text("Directory of the chart or manifests; default: chart")),
                ("revision", Schema.Text("Branch, tag or commit; default: main")),
                ("project", Schema.Text("Argo CD project; default: default")),
                ("argocdNamespace", Schema.Text("Namespace of Argo CD; default: argocd")),
                ("valueFiles", Schema.List(Schema.Text("path"), "Helm value files, relative to path")),
                ("values", Schema.Map("Helm values")),
                ("entityRef", Schema.Text("The Component that it deploys")),
                ("environment", Schema.Text("development, staging or production")),
                ("targetPath", Schema.Text("Workspace directory; default: its root")),
            ],
            "name", "namespace", "repoUrl"),
        OutputSchema = Schema.Object([("application", Schema.Text("Name of the Application")), ("files", Schema.List(Schema.Text("path"), "What was written"))]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = OutsideAccess.Nothing,
        SupportsDryRun = true,
        Example = "steps:\n  - action: argocd:create-application\n    input:\n      name: orders\n      namespace: team-orders\n      repoUrl: https://git.example.com/services/orders.git\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var name = Manifest.Name("name", context.Text("name"));
        var ns = Manifest.Name("namespace", context.Text("namespace"));
        EntityRef? entity = null;
        if (context.Text("entityRef") is { } text)
        {
            entity = EntityRef.TryParse(text, out var parsed, defaultKind: "component") ? parsed : throw InputException.For("entityRef", text, "an entity reference");
        }

        var source = new JsonObject
        {
            ["repoURL"] = context.Text("repoUrl"),
            ["targetRevision"] = context.Text("revision") ?? "main",
            ["path"] = context.Text("path") ?? "chart",
        };
        if (Helm(context) is { Count: > 0 } helm)
        {
            source["helm"] = helm;
        }

        var manifest = Manifest.Document("argoproj.io/v1alpha1", "Application", Manifest.Metadata(name, context.Text("argocdNamespace") ?? "argocd", entity, context.Text("environment")), new JsonObject
        {
            ["project"] = context.Text("project") ?? "default",
            ["source"] = source,
            ["destination"] = new JsonObject { ["server"] = "https://kubernetes.default.svc", ["namespace"] = ns },
            ["syncPolicy"] = new JsonObject
            {
                ["automated"] = new JsonObject { ["prune"] = true, ["selfHeal"] = true },
                ["syncOptions"] = new JsonArray("CreateNamespace=true", "ServerSideApply=true"),
            },
        });
        await Manifest.WriteAsync(context, cancellationToken, ("application.yaml", [manifest]));
        context.Output["application"] = name;
    }

    private static JsonObject Helm(ActionContext context)
    {
        var helm = new JsonObject();
        if (context.Texts("valueFiles") is { Length: > 0 } files)
        {
            helm["valueFiles"] = new JsonArray([.. files.Select(f => (JsonNode)f)]);
        }

        if (context.Input["values"] is JsonObject { Count: > 0 } values)
        {
            helm["valuesObject"] = values.DeepClone();
        }

        return helm;
    }
}
