using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Git;
using LibGit2Sharp;

namespace DevPlatform.Scaffolder.Actions.Publish;

/// <summary><c>publish:git</c>: the workspace becomes the first commit of a repository on a plain Git server.</summary>
internal sealed class PublishGit(GitOpsRepository repositories, PublishedFiles published, PushPolicy policy, GiteaApi gitea, TimeProvider time) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "publish:git",
        Description = "Publishes the workspace as the first commit of a repository on a Git server, which is made if the server is the organization's own and lacks it.",
        InputSchema = Schema.Object(
            [
                ("repoUrl", Schema.Text("Clone URL of the repository")),
                ("defaultBranch", Schema.Text("Branch to push; default: main")),
                ("gitCommitMessage", Schema.Text("Commit message; default: initial commit")),
                ("sourcePath", Schema.Text("Workspace directory that becomes the repository's root; default: all of it")),
            ],
            "repoUrl"),
        OutputSchema = Schema.Object(
        [
            ("remoteUrl", Schema.Text("Clone URL")),
            ("repoContentsUrl", Schema.Text("Web address of the repository's root")),
            ("commitHash", Schema.Text("The commit")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: publish:git\n    input:\n      repoUrl: https://git.example.com/services/orders.git\n",
        Timeout = TimeSpan.FromMinutes(5),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var repoUrl = GitAccess.Canonical(context.Text("repoUrl")!);
        var branch = context.Text("defaultBranch") ?? "main";
        var source = context.Text("sourcePath") ?? ".";
        policy.Require(repoUrl);
        await published.RequireGuardrailsAsync(context, source, cancellationToken);
        var files = await PublishedFiles.ReadAsync(context, source, "", cancellationToken);
        context.Output["remoteUrl"] = repoUrl;
        context.Output["repoContentsUrl"] = GitUrl.ForFile(repoUrl, branch, "README.md").DirectoryUrl;
        if (context.IsDryRun)
        {
            context.Output["commitHash"] = new string('0', 40);
            await context.LogAsync($"Would publish {files.Count} files to {repoUrl}, branch {branch}");
            return;
        }

        await gitea.EnsureRepositoryAsync(repoUrl, cancellationToken);
        var (sha, _) = await repositories.CommitAsync(
            new CommitRequest
            {
                RepoUrl = repoUrl,
                Branch = branch,
                TargetPath = "",
                Files = files,
                CheckOwnership = false,
                MustBeNew = true,
                Message = CommitMessage.Compose(context.Text("gitCommitMessage") ?? "initial commit", context),
                Author = new Signature(CommitMessage.NameOf(context.Actor), CommitMessage.EmailOf(context.Actor), time.GetUtcNow()),
                IsOwnMessage = message => CommitMessage.IsOf(message, context.TaskId, context.StepKey),
                Since = context.TaskCreatedAt,
            },
            cancellationToken);
        context.Commit = sha;
        context.Output["commitHash"] = sha;
        await context.LogAsync($"Published {files.Count} files to {repoUrl}, branch {branch}: {sha}");
    }
}
