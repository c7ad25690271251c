using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary><c>gitops:commit</c>: workspace files become one commit in the GitOps repository (INV-4), after the guardrails held once more.</summary>
internal sealed class GitOpsCommit(GitOpsRepository repositories, IOptions<ScaffolderOptions> options, TimeProvider time) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "gitops:commit",
        Description = "Commits files of the workspace to the GitOps repository, once however often the step runs.",
        InputSchema = Schema.Object(
            [
                ("targetPath", Schema.Text("Directory in the repository")),
                ("message", Schema.Text("First line of the commit message")),
                ("sourcePath", Schema.Text("Workspace directory to commit; default: all of it")),
                ("repoUrl", Schema.Text("Clone URL; default: the configured GitOps repository")),
                ("branch", Schema.Text("Branch; default: the configured one")),
                ("entityRef", Schema.Text("Entity the files belong to; default: that of catalog-info.yaml in sourcePath")),
            ],
            "targetPath", "message"),
        OutputSchema = Schema.Object(
        [
            ("commitHash", Schema.Text("The commit")),
            ("branch", Schema.Text("Its branch")),
            ("repoUrl", Schema.Text("Clone URL")),
            ("targetPath", Schema.Text("Directory in the repository")),
            ("repoContentsUrl", Schema.Text("Web address of the directory")),
            ("catalogInfoUrl", Schema.Text("Web address of its catalog-info.yaml, if it has one")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: gitops:commit\n    input:\n      targetPath: claims/team-orders/orders-db\n      message: Provision database orders-db\n",
        Timeout = TimeSpan.FromMinutes(5),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var gitOps = options.Value.GitOps;
        var repoUrl = context.Text("repoUrl") ?? (gitOps.Repository.Length > 0
            ? gitOps.Repository
            : throw InputException.For("repoUrl", null, "a clone URL (Scaffolder:GitOps:Repository is not set)"));
        var branch = context.Text("branch") ?? gitOps.Branch;
        var target = NormalizeTarget(context.Text("targetPath")!);
        var source = context.Text("sourcePath") ?? ".";
        await CheckGuardrailsAsync(context, source, cancellationToken);

        var files = await ReadFilesAsync(context, source, target, cancellationToken);
        var (sha, existed) = await repositories.CommitAsync(
            new CommitRequest
            {
                RepoUrl = repoUrl,
                Branch = branch,
                TargetPath = target,
                Files = files,
                EntityRef = context.Text("entityRef")?.ToLowerInvariant() ?? await EntityOfAsync(context, source, cancellationToken),
                Message = CommitMessage.Compose(context.Text("message")!, context),
                Author = new Signature(CommitMessage.NameOf(context.Actor), CommitMessage.EmailOf(context.Actor), time.GetUtcNow()),
                IsOwnMessage = message => CommitMessage.IsOf(message, context.TaskId, context.StepKey),
                Since = context.TaskCreatedAt,
            },
            cancellationToken);
        await context.LogAsync(existed ? $"Commit {sha} of this step is already on {branch}" : $"Committed {files.Count} files to {target} on {branch}: {sha}");
        context.Commit = sha;
        context.Output["commitHash"] = sha;
        context.Output["branch"] = branch;
        context.Output["repoUrl"] = repoUrl;
        context.Output["targetPath"] = target;
        var catalogInfo = $"{target}/catalog-info.yaml";
        var address = GitUrl.ForFile(repoUrl, branch, catalogInfo);
        context.Output["repoContentsUrl"] = address.DirectoryUrl;
        if (files.Any(f => f.Path == catalogInfo))
        {
            context.Output["catalogInfoUrl"] = address.ToString();
        }
    }

    // INV-6: rules may have changed since the task was made, and templates may have written what they like.
    private async Task CheckGuardrailsAsync(ActionContext context, string source, CancellationToken cancellationToken)
    {
        var guardrails = options.Value.Guardrails;
        if (context.Request is { } request)
        {
            RequestGuardrails.Require(guardrails, request);
            if (ApprovalRules.RolesFor(guardrails, request).Count > 0 && context.ApprovedBy.Count == 0)
            {
                throw new NotAllowedException($"A {request.ResourceType} in {request.Environment} needs approval, and this task has none");
            }
        }

        var type = context.Spec.TemplateAnnotation(GoldenPathPolicy.TypeAnnotation);
        await GoldenPathPolicy.RequireAsync(guardrails.GoldenPath, type, context.Workspace, source, cancellationToken);
    }

    private static async Task<List<CommitFile>> ReadFilesAsync(ActionContext context, string source, string target, CancellationToken cancellationToken)
    {
        var prefix = context.Workspace.Relative(context.Workspace.Resolve(source));
        var files = new List<CommitFile>();
        foreach (var file in context.Workspace.Files(source))
        {
            var full = context.Workspace.Resolve(file);
            var relative = prefix == "." ? file : file[(prefix.Length + 1)..];
            if (relative.Split('/').Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase)))
            {
                throw InputException.For("sourcePath", file, "files outside .git directories");
            }

            files.Add(new CommitFile($"{target}/{relative}", await File.ReadAllBytesAsync(full, cancellationToken), Workspace.IsExecutable(full)));
        }

        return files.Count > 0 ? files : throw InputException.For("sourcePath", source, "a workspace directory with files");
    }

    private static async Task<string?> EntityOfAsync(ActionContext context, string source, CancellationToken cancellationToken)
    {
        var file = $"{source}/catalog-info.yaml";
        return context.Workspace.Exists(file) ? PathOwnership.EntityOf(await context.Workspace.ReadTextAsync(file, cancellationToken)) : null;
    }

    private static string NormalizeTarget(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && !parts.Any(p => p is "." or ".." || p.Equals(".git", StringComparison.OrdinalIgnoreCase) || p.Contains('\\', StringComparison.Ordinal))
            ? string.Join('/', parts)
            : throw InputException.For("targetPath", path, "a directory inside the repository, such as claims/team/name");
    }
}
