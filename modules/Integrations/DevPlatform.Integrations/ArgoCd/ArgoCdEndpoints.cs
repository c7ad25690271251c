using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.ArgoCd;

/// <summary>What the portal's card shows of one application (RFC §13).</summary>
/// <param name="Name">Name of the application.</param>
/// <param name="SyncStatus">Synced, OutOfSync or Unknown.</param>
/// <param name="HealthStatus">Healthy, Progressing, Degraded, Suspended, Missing or Unknown.</param>
/// <param name="Revision">The Git commit compared with.</param>
/// <param name="TargetRevision">The branch or tag followed.</param>
/// <param name="LastSyncedAt">End of the last sync.</param>
/// <param name="Phase">Phase of the last operation.</param>
/// <param name="Message">Its message, or an error condition's.</param>
/// <param name="Url">The application in Argo CD.</param>
/// <param name="History">Past syncs, newest last.</param>
public sealed record ApplicationView(
    string Name,
    string? SyncStatus,
    string? HealthStatus,
    string? Revision,
    string? TargetRevision,
    DateTimeOffset? LastSyncedAt,
    string? Phase,
    string? Message,
    Uri? Url,
    IReadOnlyList<ArgoCdHistory> History);

/// <summary>The applications of an entity.</summary>
/// <param name="Items">One per application found.</param>
/// <param name="Stale">True when Argo CD is down and this is what it said last.</param>
/// <param name="AsOf">When Argo CD said it.</param>
public sealed record ApplicationsView(IReadOnlyList<ApplicationView> Items, bool Stale, DateTimeOffset AsOf);

internal static class ArgoCdEndpoints
{
    public static void MapArgoCd(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/integrations/argocd/applications").WithTags("Argo CD");
        group.MapGet("", ListAsync).RequirePermission(IntegrationsPermissions.ArgoCdApplicationRead)
            .WithSummary("Argo CD applications of an entity (?entityRef=), by annotation argocd/app-name, devplatform.io/argocd-app or argocd/app-selector");
        group.MapPost("/{name}/sync", SyncAsync).RequirePermission(IntegrationsPermissions.ArgoCdApplicationSync)
            .WithSummary("Sync an application of an entity with Git (a reconcile trigger, not a change)");
        group.MapPost("/{name}/refresh", RefreshAsync).RequirePermission(IntegrationsPermissions.ArgoCdApplicationRefresh)
            .WithSummary("Have Argo CD compare an application of an entity with Git now");
    }

    private static async Task<ApplicationsView> ListAsync(
        HttpContext http, string? entityRef, EntityLookup entities, ArgoCdClient argoCd, StaleWhileError answers, IOptions<ArgoCdOptions> options)
    {
        var entity = await entities.AuthorizedAsync(http, entityRef, IntegrationsPermissions.ArgoCdApplicationRead);
        var answer = await answers.GetAsync(
            CacheKey(entity), options.Value.FreshFor, ct => ApplicationsOfAsync(entity, argoCd, ct), http.RequestAborted);
        return new ApplicationsView([.. answer.Value.Select(a => View(a, options.Value))], answer.Stale, answer.AsOf);
    }

    private static Task<ApplicationView> SyncAsync(
        HttpContext http, string name, string? entityRef, Caller caller, EntityLookup entities, ArgoCdClient argoCd, StaleWhileError answers, IOptions<ArgoCdOptions> options, IAuditTrail audit) =>
        TriggerAsync(http, name, entityRef, IntegrationsPermissions.ArgoCdApplicationSync, caller, entities, argoCd, answers, options, audit,
            ct => argoCd.SyncAsync(name, caller.UserRef, ct));

    private static Task<ApplicationView> RefreshAsync(
        HttpContext http, string name, string? entityRef, Caller caller, EntityLookup entities, ArgoCdClient argoCd, StaleWhileError answers, IOptions<ArgoCdOptions> options, IAuditTrail audit) =>
        TriggerAsync(http, name, entityRef, IntegrationsPermissions.ArgoCdApplicationRefresh, caller, entities, argoCd, answers, options, audit,
            ct => argoCd.GetApplicationAsync(name, refresh: true, ct));

    private static async Task<ApplicationView> TriggerAsync(
        HttpContext http,
        string name,
        string? entityRef,
        Permission permission,
        Caller caller,
        EntityLookup entities,
        ArgoCdClient argoCd,
        StaleWhileError answers,
        IOptions<ArgoCdOptions> options,
        IAuditTrail audit,
        Func<CancellationToken, Task<ArgoCdApplication?>> trigger)
    {
        var entity = await entities.AuthorizedAsync(http, entityRef, permission);
        var applications = await ApplicationsOfAsync(entity, argoCd, http.RequestAborted);
        // The permission is on the entity, so only its own applications are within reach (INV-10).
        if (!applications.Any(a => a.Metadata.Name == name))
        {
            throw new NotFoundException(
                $"{entity.Ref} has no Argo CD application \"{name}\"; it has: {string.Join(", ", applications.Select(a => a.Metadata.Name).DefaultIfEmpty("none"))}");
        }

        var application = await trigger(http.RequestAborted) ?? throw new NotFoundException($"Argo CD does not know the application \"{name}\"");
        answers.Forget(CacheKey(entity));
        await audit.RecordAsync(caller.ToActor(), permission.Name, entity.Ref, AuditResult.Success, $"application {name}");
        return View(application, options.Value);
    }

    private static async Task<IReadOnlyList<ArgoCdApplication>> ApplicationsOfAsync(
        CatalogEntity entity, ArgoCdClient argoCd, CancellationToken cancellationToken)
    {
        if ((entity.Annotation("argocd/app-name") ?? entity.Annotation("devplatform.io/argocd-app")) is { } name)
        {
            return await argoCd.GetApplicationAsync(name, refresh: false, cancellationToken) is { } one ? [one] : [];
        }

        return entity.Annotation("argocd/app-selector") is { } selector ? await argoCd.ListApplicationsAsync(selector, cancellationToken) : [];
    }

    private static ApplicationView View(ArgoCdApplication application, ArgoCdOptions options)
    {
        var status = application.Status;
        var link = $"applications/{application.Metadata.Namespace ?? options.AppNamespace}/{Uri.EscapeDataString(application.Metadata.Name)}";
        return new ApplicationView(
            application.Metadata.Name,
            status?.Sync?.Status,
            status?.Health?.Status,
            status?.Sync?.Revision,
            application.Spec?.Source?.TargetRevision,
            status?.OperationState?.FinishedAt,
            status?.OperationState?.Phase,
            status?.Conditions is [var condition, ..] ? condition.Message : status?.OperationState?.Message,
            options.Url is null ? null : new Uri(options.Url, link),
            status?.History ?? []);
    }

    private static string CacheKey(CatalogEntity entity) => $"argocd/applications/{entity.Ref}";
}
