using DevPlatform.Scaffolder.Actions.GitHub;
using DevPlatform.Scaffolder.Actions.Publish;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.GitOps;

/// <summary>Commits that people must merge: opened once per step, followed until they are merged or closed.</summary>
internal sealed class PullRequests(GiteaApi gitea, GitHubClients gitHub, IOptions<ScaffolderOptions> options, TimeProvider time)
{
    public static string BranchOf(ActionContext context) => $"devplatform/{context.TaskId:N}-{string.Concat(context.StepKey.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'))}";

    /// <summary>Returns the commit on the target branch once somebody has merged it.</summary>
    /// <exception cref="ConflictException">It was closed.</exception>
    /// <exception cref="TimeoutException">Nobody merged it in time.</exception>
    public async Task<string> FollowAsync(
        ActionContext context, string repoUrl, string head, string target, string title, string body, CancellationToken cancellationToken)
    {
        var state = await OpenAsync(repoUrl, head, target, title, body, cancellationToken);
        context.Output["pullRequestUrl"] = state.Url;
        context.Output["pullRequestNumber"] = state.Number;
        await context.LogAsync($"Waiting for pull request {state.Url} to be merged");
        var deadline = context.StepStartedAt + options.Value.GitOps.PullRequestTimeout;
        while (!state.IsMerged)
        {
            if (!state.IsOpen)
            {
                throw new ConflictException($"Pull request {state.Url} was closed without being merged");
            }

            if (time.GetUtcNow() > deadline)
            {
                throw new TimeoutException($"Pull request {state.Url} was not merged within {options.Value.GitOps.PullRequestTimeout} (Scaffolder:GitOps:PullRequestTimeout)");
            }

            await Task.Delay(options.Value.GitOps.PullRequestPollInterval, time, cancellationToken);
            state = await LookAsync(context, repoUrl, state, cancellationToken);
        }

        await context.LogAsync($"Pull request {state.Url} was merged: {state.MergeCommit}");
        return state.MergeCommit ?? throw new ServiceUnavailableException($"The Git server does not say which commit merged {state.Url}");
    }

    private async Task<PullRequestState> LookAsync(ActionContext context, string repoUrl, PullRequestState last, CancellationToken cancellationToken)
    {
        try
        {
            return gitea.IsServerOf(repoUrl)
                ? await gitea.GetPullRequestAsync(repoUrl, last.Number, cancellationToken)
                : await gitHub.GetPullRequestAsync(RepositoryName.Parse(repoUrl), (int)last.Number);
        }
        catch (ServiceUnavailableException e)
        {
            await context.LogAsync($"{e.Message}; asking again");
            return last;
        }
    }

    private Task<PullRequestState> OpenAsync(string repoUrl, string head, string target, string title, string body, CancellationToken cancellationToken) =>
        gitea.IsServerOf(repoUrl)
            ? gitea.OpenPullRequestAsync(repoUrl, head, target, title, body, cancellationToken)
            : gitHub.OpenPullRequestAsync(RepositoryName.Parse(repoUrl), head, target, title, body, draft: false, token: null);
}
