using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Crossplane;

/// <summary>
/// <c>crossplane:change-claim</c>: takes a manifest as it is in the GitOps repository and writes it, changed, into the workspace. What the step does not
/// name stays as it is.
/// </summary>
internal sealed class ChangeClaim(IGitRepositories repositories, IOptions<ScaffolderOptions> options) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "crossplane:change-claim",
        Description = "Reads a manifest of the GitOps repository and writes it, with spec merged into it, to the same place in the workspace.",
        InputSchema = Schema.Object(
            [
                ("entityRef", Schema.Text("The Resource whose manifest it is")),
                ("path", Schema.Text("Directory of the manifest in the repository; default: claims/<its annotation devplatform.io/claim>")),
                ("file", Schema.Text("Default: claim.yaml")),
                ("spec", Schema.Map("What changes, merged into the manifest's spec")),
                ("targetPath", Schema.Text("Workspace directory; default: its root")),
            ],
            "entityRef", "spec"),
        OutputSchema = Schema.Object(
        [
            ("path", Schema.Text("Directory in the repository")),
            ("before", Schema.Map("The spec as it was")),
            ("after", Schema.Map("The spec as it is now")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: crossplane:change-claim\n    input:\n      entityRef: resource:default/orders-db\n      spec: { size: large }\n",
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var gitOps = options.Value.GitOps;
        var document = await context.Bus.InvokeAsync<EntityDocument>(new GetEntity(context.Text("entityRef")!), cancellationToken);
        var entity = document is { Found: true, Json: { } json } ? JsonNode.Parse(json) : throw new NotFoundException($"Entity {context.Text("entityRef")} not found");
        var path = context.Text("path") ?? (entity?["metadata"]?["annotations"]?["devplatform.io/claim"] is { } claim
            ? $"claims/{claim}"
            : throw InputException.For("entityRef", context.Text("entityRef"), "a Resource with the annotation devplatform.io/claim"));
        var file = context.Text("file") ?? "claim.yaml";
        var snapshot = await repositories.GetSnapshotAsync(gitOps.Repository, gitOps.Branch, cancellationToken);
        if (snapshot.Find($"{path}/{file}") is null)
        {
            throw new NotFoundException($"The GitOps repository has no {path}/{file}");
        }

        var manifest = YamlText.Read(snapshot.ReadText($"{path}/{file}")) as JsonObject ?? throw InputException.For("file", file, "a manifest");
        var spec = manifest["spec"] as JsonObject ?? (JsonObject)(manifest["spec"] = new JsonObject())!;
        context.Output["before"] = spec.DeepClone();
        Merge(spec, (JsonObject)context.Input["spec"]!);
        context.Output["after"] = spec.DeepClone();
        context.Output["path"] = path;
        var target = context.Text("targetPath") is { } directory ? $"{directory}/{file}" : file;
        await context.Workspace.WriteTextAsync(target, YamlText.Write(manifest), cancellationToken);
        await context.LogAsync($"Changed {path}/{file}: {string.Join(", ", ((JsonObject)context.Input["spec"]!).Select(p => $"{p.Key} is {p.Value?.ToJsonString()}"))}");
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value is JsonObject nested && target[key] is JsonObject existing)
            {
                Merge(existing, nested);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
