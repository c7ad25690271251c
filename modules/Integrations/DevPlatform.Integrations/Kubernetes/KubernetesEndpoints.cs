using DevPlatform.Catalog.Contracts;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>Which entity a page shows; of what Backstage's client sends, only its ref is looked at: the catalog knows the rest.</summary>
internal sealed record ShownEntity(string? Kind, ShownEntity.Names? Metadata)
{
    internal sealed record Names(string? Name, string? Namespace);

    public string Ref => $"{Kind}:{Metadata?.Namespace ?? EntityRef.DefaultNamespace}/{Metadata?.Name}";
}

/// <summary>Asks for an entity's workloads, the entity itself given.</summary>
internal sealed record ServiceQuery(ShownEntity? Entity);

/// <summary>Asks for an entity's workloads.</summary>
internal sealed record WorkloadsQuery(string? EntityRef);

/// <summary>A kind of custom resource.</summary>
internal sealed record CustomResource(string? Group, string? ApiVersion, string? Plural);

/// <summary>Asks for an entity's custom resources.</summary>
internal sealed record CustomResourcesQuery(string? EntityRef, IReadOnlyList<CustomResource?>? CustomResources);

/// <summary>What Backstage's Kubernetes plugin asks its backend. Credentials of clusters that it may send are ignored: ours read.</summary>
internal static class KubernetesEndpoints
{
    private const int MaxCustomResources = 20;

    public static void MapKubernetes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/kubernetes").WithTags("Kubernetes");
        group.MapPermissionMetadata(IntegrationsPermissions.Kubernetes, []);
        group.MapGet("/clusters", (ClusterReaders clusters) => new ClusterList([.. clusters.All.Select(reader => WorkloadReader.View(reader.Cluster))]))
            .RequirePermission(IntegrationsPermissions.KubernetesClustersRead)
            .WithSummary("The clusters that are configured (Backstage's Kubernetes plugin)");
        group.MapPost("/services/{serviceId}", ServiceAsync).RequirePermission(IntegrationsPermissions.KubernetesResourcesRead)
            .WithSummary("What clusters have of the entity in the body, by annotations backstage.io/kubernetes-id, -label-selector, -namespace, -cluster");
        group.MapPost("/resources/workloads/query", WorkloadsAsync).RequirePermission(IntegrationsPermissions.KubernetesResourcesRead)
            .WithSummary("What clusters have of an entity: pods, services, deployments and more, by the entity's annotations");
        group.MapPost("/resources/custom/query", CustomAsync).RequirePermission(IntegrationsPermissions.KubernetesResourcesRead)
            .WithSummary("An entity's custom resources, of the kinds that are allowed (Kubernetes:CustomResources)");
        group.MapPods();
    }

    // The id is the entity's name; the client says it twice.
    private static Task<ObjectsByEntity> ServiceAsync(HttpContext http, string serviceId, ServiceQuery query, EntityLookup entities, WorkloadReader workloads) =>
        query.Entity is { } entity ? WorkloadsAsync(http, new WorkloadsQuery(entity.Ref), entities, workloads) : throw InputException.For("entity", null, $"the entity of {serviceId}");

    private static async Task<ObjectsByEntity> WorkloadsAsync(HttpContext http, WorkloadsQuery query, EntityLookup entities, WorkloadReader workloads)
    {
        var entity = await entities.AuthorizedAsync(http, query.EntityRef, IntegrationsPermissions.KubernetesPodsRead);
        return await workloads.WorkloadsAsync(entity, http.RequestAborted);
    }

    private static async Task<ObjectsByEntity> CustomAsync(
        HttpContext http, CustomResourcesQuery query, EntityLookup entities, WorkloadReader workloads, IOptions<KubernetesReadOptions> options)
    {
        if (query.CustomResources is not { Count: > 0 and <= MaxCustomResources } asked)
        {
            throw InputException.For("customResources", query.CustomResources?.Count, $"1 to {MaxCustomResources} kinds, each with group, apiVersion and plural");
        }

        var allowed = options.Value.CustomKinds.ToList();
        var kinds = asked.Select((resource, i) => allowed.Find(kind => kind.Group == resource?.Group && kind.Version == resource.ApiVersion && kind.Plural == resource.Plural)
            ?? throw InputException.For($"customResources[{i}]", $"{resource?.Group}/{resource?.ApiVersion}/{resource?.Plural}", string.Join(", ", allowed))).Distinct().ToList();
        var entity = await entities.AuthorizedAsync(http, query.EntityRef, IntegrationsPermissions.KubernetesPodsRead);
        return await workloads.ReadAsync(entity, kinds, http.RequestAborted);
    }
}
