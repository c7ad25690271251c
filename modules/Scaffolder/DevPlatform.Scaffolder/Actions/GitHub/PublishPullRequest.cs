using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Scaffolder.Contracts;
using DevPlatform.Shared.Errors;
using Octokit;
using CommitRequest = DevPlatform.Scaffolder.Actions.GitOps.CommitRequest;
using Signature = LibGit2Sharp.Signature;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary><c>publish:github:pull-request</c>: the workspace becomes a branch and a pull request of a repository that exists.</summary>
internal sealed class PublishPullRequest(GitHubClients clients, GitOpsRepository repositories, PublishedFiles published, PushPolicy policy, TimeProvider time) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "publish:github:pull-request",
        Description = "Opens a pull request with the contents of the workspace.",
        InputSchema = Schema.Object(
            [
                ("repoUrl", Schema.Text("Accepts the format `github.com?repo=reponame&owner=owner` where `reponame` is the repository name and `owner` is an organization or username")),
                ("branchName", Schema.Text("The name for the branch")),
                ("title", Schema.Text("The name for the pull request")),
                ("description", Schema.Text("The description of the pull request")),
                ("targetBranchName", Schema.Text("The target branch name of the pull request")),
                ("draft", Schema.Flag("Create a draft pull request")),
                ("sourcePath", Schema.Text("Subdirectory of working directory to copy changes from")),
                ("targetPath", Schema.Text("Subdirectory of repository to apply changes to")),
                ("filesToDelete", Schema.List(Schema.Text("path"), "List of files that will be deleted")),
                ("token", Schema.Text("The token to use for authorization to GitHub")),
                ("reviewers", Schema.List(Schema.Text("user"), "The users that will be added as reviewers to the pull request")),
                ("teamReviewers", Schema.List(Schema.Text("team"), "The teams that will be added as reviewers to the pull request")),
                ("assignees", Schema.List(Schema.Text("user"), "The users that will be added as assignees to the pull request")),
                ("commitMessage", Schema.Text("The commit message for the pull request commit")),
            ],
            "repoUrl", "branchName", "title", "description"),
        OutputSchema = Schema.Object(
            [
                ("targetBranchName", Schema.Text("Target branch name of the merge request")),
                ("remoteUrl", Schema.Text("Link to the pull request in Github")),
                ("pullRequestNumber", Schema.Number("The pull request number")),
            ],
            "targetBranchName", "remoteUrl", "pullRequestNumber"),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("github", CredentialKind.ServiceAccount),
        SupportsDryRun = true,
        Example = "steps:\n  - action: publish:github:pull-request\n    input:\n      repoUrl: github.com?owner=acme&repo=orders\n      branchName: add-docs\n      title: Add docs\n      description: Written by a template\n",
        Timeout = TimeSpan.FromMinutes(5),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var name = RepositoryName.Parse(context.Text("repoUrl")!);
        var (branch, source, token) = (context.Text("branchName")!, context.Text("sourcePath") ?? ".", context.Text("token"));
        var target = PublishedFiles.Directory("targetPath", context.Text("targetPath"), mayBeRoot: true);
        policy.Require(name.CloneUrl);
        if (context.IsDryRun)
        {
            context.Output["targetBranchName"] = branch;
            context.Output["remoteUrl"] = "https://www.example.com";
            context.Output["pullRequestNumber"] = 43;
            await context.LogAsync($"Would open pull request \"{context.Text("title")}\" in {name.Owner}/{name.Name} from branch {branch}");
            return;
        }

        await published.RequireGuardrailsAsync(context, source, cancellationToken);
        var files = await PublishedFiles.ReadAsync(context, source, target, cancellationToken);
        var client = clients.For(name.Host, token);
        var repository = await GitHubClients.AskAsync(() => client.Repository.Get(name.Owner, name.Name));
        var baseBranch = context.Text("targetBranchName") ?? repository.DefaultBranch;
        if (branch == baseBranch)
        {
            throw InputException.For("branchName", branch, $"a branch other than the target, {baseBranch}");
        }

        await repositories.CommitAsync(
            new CommitRequest
            {
                RepoUrl = repository.CloneUrl,
                Branch = branch,
                BaseBranch = baseBranch,
                TargetPath = target,
                Files = files,
                Deletions = context.Texts("filesToDelete"),
                CheckOwnership = false,
                MustBeNew = true,
                Message = CommitMessage.Compose(context.Text("commitMessage") ?? context.Text("title")!, context),
                Author = new Signature(CommitMessage.NameOf(context.Actor), CommitMessage.EmailOf(context.Actor), time.GetUtcNow()),
                IsOwnMessage = message => CommitMessage.IsOf(message, context.TaskId, context.StepKey),
                Since = context.TaskCreatedAt,
                Token = token ?? clients.TokenFor(name.Host),
            },
            cancellationToken);
        var pull = await clients.OpenPullRequestAsync(name, branch, baseBranch, context.Text("title")!, context.Text("description")!, context.Flag("draft"), token);
        await AskPeopleAsync(client, name, (int)pull.Number, context);
        context.Output["targetBranchName"] = baseBranch;
        context.Output["remoteUrl"] = pull.Url;
        context.Output["pullRequestNumber"] = pull.Number;
        await context.LogAsync($"Opened pull request {pull.Url}");
    }

    private static async Task AskPeopleAsync(IGitHubClient client, RepositoryName name, int number, ActionContext context)
    {
        var (reviewers, teams, assignees) = (context.Texts("reviewers"), context.Texts("teamReviewers"), context.Texts("assignees"));
        await GitHubClients.AskAsync(async () =>
        {
            if (reviewers.Length + teams.Length > 0)
            {
                await client.PullRequest.ReviewRequest.Create(name.Owner, name.Name, number, new PullRequestReviewRequest(reviewers, teams));
            }

            if (assignees.Length > 0)
            {
                await client.Issue.Assignee.AddAssignees(name.Owner, name.Name, number, new AssigneesUpdate(assignees));
            }

            return true;
        });
    }
}
