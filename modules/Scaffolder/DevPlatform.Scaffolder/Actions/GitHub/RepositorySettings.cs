using System.Text.Json.Nodes;
using Octokit;

namespace DevPlatform.Scaffolder.Actions.GitHub;

/// <summary>How a published repository is set up: what <c>publish:github</c> takes besides the files.</summary>
internal static class RepositorySettings
{
    public static (string Name, JsonObject Schema)[] Inputs =>
    [
        ("description", Schema.Text("Repository Description")),
        ("homepage", Schema.Text("Repository Homepage")),
        ("access", Schema.Text("Sets an admin collaborator on the repository: a user, or a team as org/team-name")),
        ("repoVisibility", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("private", "public", "internal"), ["description"] = "Repository Visibility" }),
        ("deleteBranchOnMerge", Schema.Flag("Delete the branch after merging the PR. The default value is `false`")),
        ("allowMergeCommit", Schema.Flag("Allow merge commits. The default value is `true`")),
        ("allowSquashMerge", Schema.Flag("Allow squash merges. The default value is `true`")),
        ("allowRebaseMerge", Schema.Flag("Allow rebase merges. The default value is `true`")),
        ("allowAutoMerge", Schema.Flag("Allow individual PRs to merge automatically when all merge requirements are met")),
        ("hasWiki", Schema.Flag("Enable the wiki for the repository. The default value is `true`")),
        ("hasIssues", Schema.Flag("Enable issues for the repository. The default value is `true`")),
        ("hasProjects", Schema.Flag("Enable projects for the repository")),
        ("topics", Schema.List(Schema.Text("topic"), "Adds topics to the repository")),
        ("collaborators", Schema.List(
            Schema.Object([("access", Schema.Text("The type of access")), ("user", Schema.Text("A user")), ("team", Schema.Text("A team's slug"))], "access"),
            "Additional users or teams with permissions")),
        ("protectDefaultBranch", Schema.Flag("Protect the default branch after creating the repository. The default value is `true`")),
        ("protectEnforceAdmins", Schema.Flag("Enforce admins to adhere to default branch protection. The default value is `true`")),
        ("requiredApprovingReviewCount", Schema.Number("Reviewers required to approve pull requests. Defaults to `1`.")),
        ("requireCodeOwnerReviews", Schema.Flag("Require an approved review in PR including files with a designated Code Owner")),
        ("dismissStaleReviews", Schema.Flag("New reviewable commits pushed to a matching branch will dismiss pull request review approvals.")),
        ("requiredStatusCheckContexts", Schema.List(Schema.Text("context"), "Status checks to require in order to merge into this branch")),
        ("requireBranchesToBeUpToDate", Schema.Flag("Require branches to be up to date before merging. The default value is `true`")),
    ];

    /// <summary>The repository; made if it is not there.</summary>
    public static async Task<Repository> EnsureAsync(IGitHubClient client, RepositoryName name, ActionContext context)
    {
        try
        {
            return await client.Repository.Get(name.Owner, name.Name);
        }
        catch (NotFoundException)
        {
            var repository = new NewRepository(name.Name)
            {
                Description = context.Text("description"),
                Homepage = context.Text("homepage"),
                Visibility = context.Text("repoVisibility") switch
                {
                    "public" => RepositoryVisibility.Public,
                    "internal" => RepositoryVisibility.Internal,
                    _ => RepositoryVisibility.Private,
                },
                DeleteBranchOnMerge = context.Flag("deleteBranchOnMerge"),
                AllowMergeCommit = Optional(context, "allowMergeCommit"),
                AllowSquashMerge = Optional(context, "allowSquashMerge"),
                AllowRebaseMerge = Optional(context, "allowRebaseMerge"),
                AllowAutoMerge = Optional(context, "allowAutoMerge"),
                HasWiki = Optional(context, "hasWiki"),
                HasIssues = Optional(context, "hasIssues"),
                HasProjects = Optional(context, "hasProjects"),
            };
            var owner = await client.User.Get(name.Owner);
            return owner.Type == AccountType.Organization
                ? await client.Repository.Create(name.Owner, repository)
                : await client.Repository.Create(repository);
        }
    }

    /// <summary>Sets what needs the repository to exist, and its branch. Doing it again changes nothing.</summary>
    public static async Task ApplyAsync(IGitHubClient client, RepositoryName name, string branch, ActionContext context)
    {
        if (context.Text("access") is { } access)
        {
            await GrantAsync(client, name, access.Contains('/', StringComparison.Ordinal) ? null : access, access.Split('/')[^1], "admin");
        }

        foreach (var collaborator in (context.Input["collaborators"] as JsonArray ?? []).OfType<JsonObject>())
        {
            await GrantAsync(client, name, collaborator["user"]?.ToString(), collaborator["team"]?.ToString(), collaborator["access"]!.ToString());
        }

        if (context.Texts("topics") is { Length: > 0 } topics)
        {
            await client.Repository.ReplaceAllTopics(name.Owner, name.Name, new RepositoryTopics(topics.Select(t => t.ToLowerInvariant())));
        }

        if (Optional(context, "protectDefaultBranch") ?? true)
        {
            var reviews = (int)(context.Input["requiredApprovingReviewCount"]?.GetValue<double>() ?? 1);
            await client.Repository.Branch.UpdateBranchProtection(name.Owner, name.Name, branch, new BranchProtectionSettingsUpdate(
                context.Texts("requiredStatusCheckContexts") is { Length: > 0 } checks
                    ? new BranchProtectionRequiredStatusChecksUpdate(Optional(context, "requireBranchesToBeUpToDate") ?? true, checks)
                    : null,
                new BranchProtectionRequiredReviewsUpdate(context.Flag("dismissStaleReviews"), context.Flag("requireCodeOwnerReviews"), reviews),
                null,
                Optional(context, "protectEnforceAdmins") ?? true));
        }
    }

    private static Task GrantAsync(IGitHubClient client, RepositoryName name, string? user, string? team, string permission) => user is not null
        ? client.Repository.Collaborator.Add(name.Owner, name.Name, user, new CollaboratorRequest(permission))
        // Octokit's own call leaves the path of an Enterprise server's API.
        : client.Connection.Put<object>(
            new Uri($"orgs/{name.Owner}/teams/{Uri.EscapeDataString(team ?? "")}/repos/{name.Owner}/{name.Name}", UriKind.Relative), new { permission });

    private static bool? Optional(ActionContext context, string name) => context.Input[name] is null ? null : context.Flag(name);
}
