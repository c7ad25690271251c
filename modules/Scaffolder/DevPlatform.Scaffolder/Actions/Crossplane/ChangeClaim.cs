using System.Text.Json.Nodes;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
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
        Description = "Reads a manifest of the GitOps repository and writes it, with spec merged into it, to the workspace. Only what the requester owns, within its tier; approvals are those of the tier.",
        InputSchema = Schema.Object(
            [
                ("entityRef", Schema.Text("The Resource whose manifest it is")),
                ("path", Schema.Text("Directory of the manifest in the repository; default: claims/<its annotation devplatform.io/claim>")),
                ("file", Schema.Text("Default: claim.yaml")),
                ("spec", Schema.Map("What changes, merged into the manifest's spec")),
                ("targetPath", Schema.Text("Workspace directory; default: its root")),
                ("readOnly", Schema.Flag("Changes nothing: the step tells what there is, to whoever owns it")),
            ],
            "entityRef"),
        OutputSchema = Schema.Object(
        [
            ("path", Schema.Text("Directory in the repository")),
            ("manifest", Schema.Map("The manifest as it is now")),
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
        var resource = await ExistingResource.FindAsync(context, context.Text("entityRef")!, cancellationToken)
            ?? throw new NotFoundException($"Entity {context.Text("entityRef")} not found");
        resource.RequireMayChange(context, options.Value.Guardrails);
        var path = context.Text("path") ?? (resource.Entity["metadata"]?["annotations"]?["devplatform.io/claim"] is { } claim
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
        var before = (JsonObject)spec.DeepClone();
        var changes = context.Input["spec"] as JsonObject ?? [];
        context.Output["before"] = before;
        context.Output["path"] = path;
        if (context.Flag("readOnly"))
        {
            context.Output["manifest"] = manifest;
            await context.LogAsync($"Read {path}/{file}");
            return;
        }

        Merge(spec, changes);
        resource.RequireWithinTier(options.Value.Guardrails, before, spec);
        context.Output["manifest"] = manifest.DeepClone();
        context.Output["after"] = spec.DeepClone();
        var target = context.Text("targetPath") is { } directory ? $"{directory}/{file}" : file;
        await context.Workspace.WriteTextAsync(target, YamlText.Write(manifest), cancellationToken);
        await context.LogAsync($"Changed {path}/{file}: {string.Join(", ", changes.Select(p => $"{p.Key} is {p.Value?.ToJsonString()}"))}");
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value is JsonObject nested && target[key] is JsonObject existing)
            {
                Merge(existing, nested);
            }
            else if (value is not null && value.ToString().Length > 0)
            {
                // A parameter that was left out renders to nothing, and changes nothing.
                target[key] = value.DeepClone();
            }
        }
    }
}
