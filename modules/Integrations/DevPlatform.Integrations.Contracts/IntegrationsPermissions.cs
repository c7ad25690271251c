using DevPlatform.Identity.Contracts.Permissions;

namespace DevPlatform.Integrations.Contracts;

/// <summary>Permissions guarded by the Integrations module (RFC §11, §13).</summary>
public static class IntegrationsPermissions
{
    /// <summary>See Argo CD applications of an entity.</summary>
    public static readonly Permission ArgoCdApplicationRead = new("argocd.application.read", "read", "catalog-entity");

    /// <summary>Start a sync (RFC §13: write on the namespace).</summary>
    public static readonly Permission ArgoCdApplicationSync = new("argocd.application.sync", "update", "catalog-entity");

    /// <summary>Have Argo CD look at Git again.</summary>
    public static readonly Permission ArgoCdApplicationRefresh = new("argocd.application.refresh", "update", "catalog-entity");

    /// <summary>Open a tool of the tool library.</summary>
    /// <param name="toolId">The tool's id, e.g. <c>grafana</c>.</param>
    public static Permission ToolOpen(string toolId) => new($"tool.{toolId}.open", "use");

    /// <summary>Send notifications to others' portals.</summary>
    public static readonly Permission NotificationSend = new("notification.send", "create");

    /// <summary>All with fixed names.</summary>
    public static readonly IReadOnlyList<Permission> All = [ArgoCdApplicationRead, ArgoCdApplicationSync, ArgoCdApplicationRefresh, NotificationSend];
}
