using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Scaffolder.Contracts;
using LibGit2Sharp;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary><c>publish:github</c>: makes a repository, pushes the workspace as its first commit, sets it up.</summary>
internal sealed class PublishGitHub(GitHubClients clients, GitOpsRepository repositories, PublishedFiles published, PushPolicy policy, TimeProvider time) : IScaffolderAction
{
    public ActionDefinition Definition { get; } = new()
    {
        Id = "publish:github",
        Description = "Initializes a git repository of contents in workspace and publishes it to GitHub.",
        InputSchema = Schema.Object(
            [
                ("repoUrl", Schema.Text("Accepts the format `github.com?repo=reponame&owner=owner` where `reponame` is the new repository name and `owner` is an organization or username")),
                ("defaultBranch", Schema.Text("Sets the default branch on the repository. The default value is 'master'")),
                ("gitCommitMessage", Schema.Text("Sets the commit message on the repository. The default value is `initial commit`")),
                ("gitAuthorName", Schema.Text("Sets the author name for the commit; default: the acting user")),
                ("gitAuthorEmail", Schema.Text("Sets the author email for the commit; default: the acting user's")),
                ("sourcePath", Schema.Text("Path within the workspace that will be used as the repository root. If omitted, the entire workspace will be published as the repository.")),
                ("token", Schema.Text("The token to use for authorization to GitHub; default: the platform's")),
                .. RepositorySettings.Inputs,
            ],
            "repoUrl"),
        OutputSchema = Schema.Object(
            [
                ("remoteUrl", Schema.Text("A URL to the repository with the provider")),
                ("repoContentsUrl", Schema.Text("A URL to the root of the repository")),
                ("commitHash", Schema.Text("The git commit hash of the initial commit")),
            ],
            "remoteUrl", "repoContentsUrl", "commitHash"),
        Permission = ScaffolderPermissions.ActionExecute,
        Outside = new OutsideAccess("github", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: publish:github\n    input:\n      repoUrl: github.com?owner=acme&repo=orders\n      defaultBranch: main\n",
        Timeout = TimeSpan.FromMinutes(5),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var name = RepositoryName.Parse(context.Text("repoUrl")!);
        var (branch, source, token) = (context.Text("defaultBranch") ?? "master", context.Text("sourcePath") ?? ".", context.Text("token"));
        policy.Require(name.CloneUrl);
        await published.RequireGuardrailsAsync(context, source, cancellationToken);
        var files = await PublishedFiles.ReadAsync(context, source, "", cancellationToken);
        var client = clients.For(name.Host, token);

        var repository = await GitHubClients.AskAsync(() => RepositorySettings.EnsureAsync(client, name, context));
        var (sha, _) = await repositories.CommitAsync(
            new CommitRequest
            {
                RepoUrl = repository.CloneUrl,
                Branch = branch,
                TargetPath = "",
                Files = files,
                CheckOwnership = false,
                MustBeNew = true,
                Message = CommitMessage.Compose(context.Text("gitCommitMessage") ?? "initial commit", context),
                Author = new Signature(
                    context.Text("gitAuthorName") ?? CommitMessage.NameOf(context.Actor), context.Text("gitAuthorEmail") ?? CommitMessage.EmailOf(context.Actor), time.GetUtcNow()),
                IsOwnMessage = message => CommitMessage.IsOf(message, context.TaskId, context.StepKey),
                Since = context.TaskCreatedAt,
                Token = token ?? clients.TokenFor(name.Host),
            },
            cancellationToken);
        await GitHubClients.AskAsync(async () =>
        {
            await RepositorySettings.ApplyAsync(client, name, branch, context);
            return true;
        });
        context.Commit = sha;
        context.Output["remoteUrl"] = repository.CloneUrl;
        context.Output["repoContentsUrl"] = $"{repository.HtmlUrl}/blob/{branch}";
        context.Output["commitHash"] = sha;
        await context.LogAsync($"Published {files.Count} files to {repository.HtmlUrl}: {sha}");
    }
}
