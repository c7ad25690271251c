namespace DevPlatform.MockTools.Kubernetes.Types;

/// <summary>
/// The kinds every cluster of the platform has before anything of ours is applied: Kubernetes' own and those of the installed operators,
/// whose objects are kept as they come. One line: group/version, kind, plural, N = namespaced or C = cluster, short names, categories.
/// </summary>
internal static class InstalledTypes
{
    private const string Table = """
        v1                                    Namespace                  namespaces                   C ns
        v1                                    Node                       nodes                        C no
        v1                                    PersistentVolume           persistentvolumes            C pv
        v1                                    Pod                        pods                         N po all
        v1                                    Service                    services                     N svc all
        v1                                    ConfigMap                  configmaps                   N cm
        v1                                    Secret                     secrets                      N
        v1                                    ServiceAccount             serviceaccounts              N sa
        v1                                    Event                      events                       N ev
        v1                                    Endpoints                  endpoints                    N ep
        v1                                    PersistentVolumeClaim      persistentvolumeclaims       N pvc
        v1                                    ResourceQuota              resourcequotas               N quota
        v1                                    LimitRange                 limitranges                  N limits
        apps/v1                               Deployment                 deployments                  N deploy all
        apps/v1                               ReplicaSet                 replicasets                  N rs all
        apps/v1                               StatefulSet                statefulsets                 N sts all
        apps/v1                               DaemonSet                  daemonsets                   N ds all
        batch/v1                              Job                        jobs                         N - all
        batch/v1                              CronJob                    cronjobs                     N cj all
        metrics.k8s.io/v1beta1                PodMetrics                 pods                         N
        autoscaling/v2                        HorizontalPodAutoscaler    horizontalpodautoscalers     N hpa all
        policy/v1                             PodDisruptionBudget        poddisruptionbudgets         N pdb
        networking.k8s.io/v1                  Ingress                    ingresses                    N ing
        networking.k8s.io/v1                  NetworkPolicy              networkpolicies              N netpol
        rbac.authorization.k8s.io/v1          Role                       roles                        N
        rbac.authorization.k8s.io/v1          RoleBinding                rolebindings                 N
        rbac.authorization.k8s.io/v1          ClusterRole                clusterroles                 C
        rbac.authorization.k8s.io/v1          ClusterRoleBinding         clusterrolebindings          C
        storage.k8s.io/v1                     StorageClass               storageclasses               C sc
        coordination.k8s.io/v1                Lease                      leases                       N
        apiextensions.k8s.io/v1               CustomResourceDefinition   customresourcedefinitions    C crd,crds api-extensions
        apiextensions.crossplane.io/v1        CompositeResourceDefinition compositeresourcedefinitions C xrd,xrds crossplane
        apiextensions.crossplane.io/v1        Composition                compositions                 C comp crossplane
        apiextensions.crossplane.io/v1        CompositionRevision        compositionrevisions         C comprev crossplane
        pkg.crossplane.io/v1                  Provider                   providers                    C - crossplane,pkg
        pkg.crossplane.io/v1                  Function                   functions                    C - crossplane,pkg
        pkg.crossplane.io/v1                  Configuration              configurations               C - crossplane,pkg
        kubernetes.crossplane.io/v1alpha1     ProviderConfig             providerconfigs              C
        kubernetes.crossplane.io/v1alpha2     Object                     objects                      C - crossplane,managed,kubernetes
        vault.upbound.io/v1beta1              ProviderConfig             providerconfigs              C
        database.vault.upbound.io/v1alpha1    SecretBackendConnection    secretbackendconnections     C - crossplane,managed,vault
        database.vault.upbound.io/v1alpha1    SecretBackendRole          secretbackendroles           C - crossplane,managed,vault
        aws.vault.upbound.io/v1alpha1         SecretBackendRole          secretbackendroles           C - crossplane,managed,vault
        postgresql.cnpg.io/v1                 Cluster                    clusters                     N
        argoproj.io/v1alpha1                  Application                applications                 N app,apps
        argoproj.io/v1alpha1                  ApplicationSet             applicationsets              N appset
        argoproj.io/v1alpha1                  AppProject                 appprojects                  N appproj
        external-secrets.io/v1                ExternalSecret             externalsecrets              N es external-secrets
        external-secrets.io/v1                SecretStore                secretstores                 N ss external-secrets
        external-secrets.io/v1                ClusterSecretStore         clustersecretstores          C css external-secrets
        generators.external-secrets.io/v1alpha1 VaultDynamicSecret       vaultdynamicsecrets          N - external-secrets,external-secrets-generators
        monitoring.coreos.com/v1              ServiceMonitor             servicemonitors              N smon
        monitoring.coreos.com/v1              PrometheusRule             prometheusrules              N promrule
        """;

    // Argo CD keeps an Application's status in the object itself; the others without a status have nothing to report.
    private static readonly HashSet<string> WithoutStatus = new(StringComparer.Ordinal)
    {
        "Application", "ApplicationSet", "AppProject", "ConfigMap", "Secret", "ServiceAccount", "Event", "Endpoints", "LimitRange",
        "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "StorageClass", "Lease", "PodMetrics", "VaultDynamicSecret",
    };

    public static IReadOnlyList<ResourceType> All { get; } = [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    private static ResourceType Parse(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var api = columns[0].Split('/');
        return new ResourceType(api.Length == 2 ? api[0] : "", api[^1], columns[2], columns[1], columns[3] == "N")
        {
            HasStatus = !WithoutStatus.Contains(columns[1]),
            ShortNames = columns.Length > 4 && columns[4] != "-" ? columns[4].Split(',') : [],
            Categories = columns.Length > 5 ? columns[5].Split(',') : [],
            // Kinds of operators are custom resources, for which an update must name the version it replaces.
            Custom = api.Length == 2 && api[0].Contains('.') && !api[0].EndsWith(".k8s.io", StringComparison.Ordinal),
        };
    }
}
