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

    /// <summary>See what runs of an entity in its clusters: workloads, their events and what they use (RFC §13: read on the namespace).</summary>
    public static readonly Permission KubernetesPodsRead = new("kubernetes.pods.read", "read", "catalog-entity");

    /// <summary>Read the logs of an entity's pods.</summary>
    public static readonly Permission KubernetesPodsLogs = new("kubernetes.pods.logs", "read", "catalog-entity");

    /// <summary>Backstage's name for listing clusters.</summary>
    public static readonly Permission KubernetesClustersRead = new("kubernetes.clusters.read", "read");

    /// <summary>Backstage's name for seeing objects of clusters at all; of which entities, <see cref="KubernetesPodsRead"/> says.</summary>
    public static readonly Permission KubernetesResourcesRead = new("kubernetes.resources.read", "read");

    /// <summary>Backstage's name for asking a cluster through us: here for logs and events only, judged by entity as well.</summary>
    public static readonly Permission KubernetesProxy = new("kubernetes.proxy");

    /// <summary>Those that Backstage's Kubernetes plugin declares and asks for, and ours on entities.</summary>
    public static readonly IReadOnlyList<Permission> Kubernetes =
        [KubernetesProxy, KubernetesResourcesRead, KubernetesClustersRead, KubernetesPodsRead, KubernetesPodsLogs];

    /// <summary>See the tool library at all; which tools are in it says <see cref="ToolOpen"/>.</summary>
    public static readonly Permission ToolLibraryRead = new("tool.library.read", "read");

    /// <summary>Open a tool of the tool library.</summary>
    /// <param name="toolId">The tool's id, e.g. <c>grafana</c>.</param>
    public static Permission ToolOpen(string toolId) => new($"tool.{toolId}.open", "use");

    /// <summary>Send notifications to others' portals.</summary>
    public static readonly Permission NotificationSend = new("notification.send", "create");

    /// <summary>All with fixed names.</summary>
    public static readonly IReadOnlyList<Permission> All =
        [ArgoCdApplicationRead, ArgoCdApplicationSync, ArgoCdApplicationRefresh, .. Kubernetes, ToolLibraryRead, NotificationSend];
}
