using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Scaffolder.Guardrails;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Git;
using LibGit2Sharp;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary>
/// <c>gitops:commit</c>: workspace files become one commit in the GitOps repository (INV-4), after the guardrails held once more: directly, or by a pull
/// request where the policy asks for one.
/// </summary>
internal sealed class GitOpsCommit(
    GitOpsRepository repositories, PublishedFiles published, PushPolicy policy, PullRequests pullRequests, IOptions<ScaffolderOptions> options, TimeProvider time)
    : IScaffolderAction
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
                ("delete", Schema.Flag("Removes targetPath, which must be the requester's own entityRef, instead of writing to it")),
                ("pullRequest", Schema.Flag("Asks for a pull request even where the policy (Scaffolder:Guardrails:PullRequests) does not")),
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
            ("pullRequestUrl", Schema.Text("Web address of the pull request, if there was one")),
            ("pullRequestNumber", Schema.Number("Its number")),
        ]),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("git", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: gitops:commit\n    input:\n      targetPath: claims/team-orders/orders-db\n      message: Provision database orders-db\n",
        Timeout = TimeSpan.FromHours(24),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var gitOps = options.Value.GitOps;
        var repoUrl = context.Text("repoUrl") ?? (gitOps.Repository.Length > 0
            ? gitOps.Repository
            : throw InputException.For("repoUrl", null, "a clone URL (Scaffolder:GitOps:Repository is not set)"));
        policy.Require(repoUrl);
        var branch = context.Text("branch") ?? gitOps.Branch;
        var target = PublishedFiles.Directory("targetPath", context.Text("targetPath"), mayBeRoot: false);
        var source = context.Text("sourcePath") ?? ".";
        var delete = context.Flag("delete");
        if (!delete)
        {
            await published.RequireGuardrailsAsync(context, source, cancellationToken);
        }
        else if (await ExistingResource.FindAsync(context, context.Text("entityRef") ?? throw InputException.For("entityRef", null, "the entity that is removed"), cancellationToken) is { } removed)
        {
            removed.RequireMayChange(context, options.Value.Guardrails);
        }

        var files = delete ? [] : await PublishedFiles.ReadAsync(context, source, target, cancellationToken);
        Describe(context, branch, repoUrl, target, files);
        var byPullRequest = context.Flag("pullRequest") || PullRequestRules.Applies(options.Value.Guardrails, context.Request);
        if (context.IsDryRun)
        {
            context.Output["commitHash"] = new string('0', 40);
            await context.LogAsync(
                $"Would {(delete ? "remove" : $"commit {files.Count} files to")} {target} on {branch} of {repoUrl}{(byPullRequest ? " by pull request" : "")}: {string.Join(", ", files.Select(f => f.Path))}");
            return;
        }

        var commit = new CommitRequest
        {
            RepoUrl = repoUrl,
            Branch = byPullRequest ? PullRequests.BranchOf(context) : branch,
            BaseBranch = byPullRequest ? branch : null,
            TargetPath = target,
            Files = files,
            Deletions = delete ? [target] : [],
            EntityRef = context.Text("entityRef")?.ToLowerInvariant() ?? await EntityOfAsync(context, source, cancellationToken),
            Message = CommitMessage.Compose(context.Text("message")!, context),
            Author = new Signature(CommitMessage.NameOf(context.Actor), CommitMessage.EmailOf(context.Actor), time.GetUtcNow()),
            IsOwnMessage = message => CommitMessage.IsOf(message, context.TaskId, context.StepKey),
            Since = context.TaskCreatedAt,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(gitOps.CommitTimeout);
        var (sha, existed) = await repositories.CommitAsync(commit, limit.Token);
        await context.LogAsync(existed
            ? $"Commit {sha} of this step is already on {commit.Branch}"
            : $"{(delete ? "Removed" : $"Committed {files.Count} files to")} {target} on {commit.Branch}: {sha}");
        if (byPullRequest)
        {
            sha = await pullRequests.FollowAsync(context, repoUrl, commit.Branch, branch, context.Text("message")!, commit.Message, cancellationToken);
        }

        context.Commit = sha;
        context.Output["commitHash"] = sha;
    }

    private static void Describe(ActionContext context, string branch, string repoUrl, string target, List<CommitFile> files)
    {
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

    private static async Task<string?> EntityOfAsync(ActionContext context, string source, CancellationToken cancellationToken)
    {
        var file = $"{source}/catalog-info.yaml";
        return context.Workspace.Exists(file) ? PathOwnership.EntityOf(await context.Workspace.ReadTextAsync(file, cancellationToken)) : null;
    }
}
