using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Scaffolder.Actions.GitOps;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Scaffolder.Actions.Platform;

/// <summary>
/// <c>platform:wait-ready</c>: follows a commit through Argo CD and the cluster until the catalog says Ready, and says so in the task's log.
/// </summary>
internal sealed class WaitReady(GitOpsRepository repositories, IOptions<ScaffolderOptions> options, TimeProvider time) : IScaffolderAction
{
    private const int DefaultMinutes = 15;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public ActionDefinition Definition { get; } = new()
    {
        Id = "platform:wait-ready",
        Description = "Waits until Argo CD has synced the commit and the entity is Ready, or gone; fails with the operator's message when it is Failed.",
        InputSchema = Schema.Object(
            [
                ("entityRef", Schema.Text("The Resource to wait for")),
                ("commitHash", Schema.Text("The commit that must be synced; default: the task's")),
                ("until", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Ready", "Gone"), ["description"] = "Ready (default), or Gone: the cluster no longer has it" }),
                ("argocdApplication", Schema.Text("Argo CD application that syncs it; default: platform-claims")),
                ("timeoutMinutes", Schema.Number($"Time limit in minutes from the step's first start; default: {DefaultMinutes}")),
            ],
            "entityRef"),
        OutputSchema = Schema.Object(
        [
            ("state", Schema.Text("Ready or Gone")),
            ("message", Schema.Text("What the cluster said last")),
            ("revision", Schema.Text("The revision that Argo CD synced")),
        ]),
        Permission = CatalogPermissions.EntityRead,
        Outside = new OutsideAccess("argocd", CredentialKind.ServiceAccount),
        Example = "steps:\n  - action: platform:wait-ready\n    input:\n      entityRef: resource:default/orders-db\n",
        Timeout = TimeSpan.FromHours(4),
    };

    public async Task ExecuteAsync(ActionContext context, CancellationToken cancellationToken)
    {
        var minutes = context.Input["timeoutMinutes"]?.GetValue<double>() ?? DefaultMinutes;
        var deadline = context.StepStartedAt + TimeSpan.FromMinutes(minutes);
        var entityRef = EntityRef.TryParse(context.Text("entityRef"), out var parsed, defaultKind: "resource")
            ? parsed.ToString()
            : throw InputException.For("entityRef", context.Text("entityRef"), "an entity reference");
        if ((context.Text("commitHash") ?? context.Commit) is { } commit)
        {
            await WaitForSyncAsync(context, context.Text("argocdApplication") ?? "platform-claims", commit, deadline, minutes, cancellationToken);
        }

        await WaitForEntityAsync(context, entityRef, deadline, minutes, cancellationToken);
    }

    private async Task WaitForSyncAsync(
        ActionContext context, string name, string commit, DateTimeOffset deadline, double minutes, CancellationToken cancellationToken)
    {
        await context.LogAsync($"Waiting for Argo CD application {name} to sync {commit}");
        await TryRefreshAsync(context, name, cancellationToken);
        string? last = null;
        while (true)
        {
            var (status, problem) = await AskAsync<ArgoCdApplicationStatus>(context, new GetArgoCdApplication(name), cancellationToken);
            if (status is { Found: true, SyncStatus: "Synced", SyncedRevision: { } revision }
                && await ContainsAsync(context, revision, commit, cancellationToken))
            {
                context.Output["revision"] = revision;
                await context.LogAsync($"Argo CD application {name} is synced to {revision}");
                return;
            }

            if (status is { Phase: "Failed" or "Error", Message: { } failure } && status.Revision == commit)
            {
                throw new InvalidOperationException($"Argo CD could not sync {commit}: {failure}");
            }

            var now = status switch
            {
                null => $"Argo CD: {problem}",
                { Found: false } => $"Argo CD does not know application {name}",
                _ => $"Argo CD application {name}: {status.SyncStatus}, {status.HealthStatus}{(status.Message is { Length: > 0 } m ? $" ({m})" : "")}",
            };
            last = await LogChangeAsync(context, now, last);
            await PauseAsync(deadline, $"Argo CD did not sync {commit} within {minutes} minutes; last: {last}", cancellationToken);
        }
    }

    private async Task WaitForEntityAsync(
        ActionContext context, string entityRef, DateTimeOffset deadline, double minutes, CancellationToken cancellationToken)
    {
        string? last = null;
        while (true)
        {
            var (entity, problem) = await AskAsync<EntityDocument>(context, new GetEntity(entityRef), cancellationToken);
            var now = entity switch
            {
                null => $"Catalog: {problem}",
                { Found: false } => $"{entityRef} is not in the catalog yet",
                _ => $"{entityRef} is {entity.State ?? "without a state yet"}{(entity.StateMessage is { Length: > 0 } m ? $": {m}" : "")}",
            };
            last = await LogChangeAsync(context, now, last);
            if (context.Text("until") == "Gone" && (entity is { Found: false } or { State: null }))
            {
                context.Output["state"] = "Gone";
                return;
            }

            switch (entity?.State)
            {
                case "Ready" when context.Text("until") != "Gone":
                    context.Output["state"] = entity.State;
                    context.Output["message"] = entity.StateMessage;
                    return;
                case "Failed" when context.Text("until") != "Gone":
                    throw new InvalidOperationException($"{entityRef} failed: {entity.StateMessage ?? "the operator gave no reason"}");
                default:
                    await PauseAsync(deadline, $"{entityRef} was not {context.Text("until") ?? "Ready"} within {minutes} minutes; last: {last}", cancellationToken);
                    break;
            }
        }
    }

    private async Task<bool> ContainsAsync(ActionContext context, string revision, string commit, CancellationToken cancellationToken)
    {
        var repoUrl = options.Value.GitOps.Repository;
        try
        {
            return revision == commit || (repoUrl.Length > 0 && await repositories.ContainsAsync(repoUrl, revision, commit, cancellationToken));
        }
        catch (ServiceUnavailableException e)
        {
            await context.LogAsync($"Git: {e.Message}");
            return false;
        }
    }

    private static async Task TryRefreshAsync(ActionContext context, string name, CancellationToken cancellationToken)
    {
        try
        {
            // A trigger only; Argo CD looks by itself sooner or later.
            await context.Bus.InvokeAsync(new RefreshArgoCdApplication(name), cancellationToken);
        }
        catch (PlatformException e)
        {
            await context.LogAsync($"Argo CD could not be asked to look at once: {e.Message}");
        }
    }

    // A tool that is down for a while is no reason to fail: the time limit is.
    private static async Task<(T? Answer, string? Problem)> AskAsync<T>(ActionContext context, object question, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await context.Bus.InvokeAsync<T>(question, cancellationToken), null);
        }
        catch (PlatformException e)
        {
            return (null, e.Message);
        }
    }

    private static async Task<string> LogChangeAsync(ActionContext context, string now, string? last)
    {
        if (now != last)
        {
            await context.LogAsync(now);
        }

        return now;
    }

    private async Task PauseAsync(DateTimeOffset deadline, string onTimeout, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= deadline)
        {
            throw new TimeoutException(onTimeout);
        }

        await Task.Delay(PollInterval, time, cancellationToken);
    }
}
