using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>Whose pods are whose: requests for logs and events name a pod only, and may be answered for pods of entities only (INV-10).</summary>
internal sealed class EntityPods(EntityLookup entities, IPermissionEvaluator permissions)
{
    private const int MaxPodBytes = 1024 * 1024;

    /// <summary>An entity that the caller may read, that the pod is of, and on which the caller has <paramref name="permission"/>.</summary>
    /// <exception cref="NotFoundException">No such pod, or it is of no entity.</exception>
    /// <exception cref="NotAllowedException">It is of entities on which the caller lacks the permission.</exception>
    public async Task<CatalogEntity> AuthorizedAsync(HttpContext http, ClusterReader cluster, string home, string pod, Permission permission)
    {
        var labels = await LabelsAsync(cluster, home, pod, http.RequestAborted);
        var owners = labels is null ? [] : (await CandidatesAsync(labels, http.RequestAborted)).Where(IsOwner).ToList();
        if (owners is [])
        {
            throw new NotFoundException($"No entity of the catalog has a pod \"{pod}\" in namespace \"{home}\" of cluster {cluster.Cluster.Name}");
        }

        var caller = Caller.Of(http);
        if (owners.Find(entity => May(entity, CatalogPermissions.EntityRead) && May(entity, permission)) is { } found)
        {
            return found;
        }

        // Says what is missing, and records it.
        await http.AuthorizeAsync(CatalogPermissions.EntityRead, EntityLookup.ResourceOf(owners[0]));
        await http.AuthorizeAsync(permission, EntityLookup.ResourceOf(owners[0]));
        return owners[0];

        bool IsOwner(CatalogEntity entity) => WorkloadSelector.Of(entity)?.Selects(cluster.Cluster.Name, home, labels!.GetValueOrDefault) == true;

        bool May(CatalogEntity entity, Permission wanted) => permissions.Evaluate(caller, wanted, EntityLookup.ResourceOf(entity)).IsAllowed;
    }

    /// <summary>Entities that may own an object with these labels: by id, and all that name a selector.</summary>
    private async Task<IEnumerable<CatalogEntity>> CandidatesAsync(Dictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var bySelector = await entities.AnnotatedAsync(WorkloadSelector.LabelSelectorAnnotation, null, cancellationToken);
        var byId = labels.TryGetValue(WorkloadSelector.Id, out var id) ? await entities.AnnotatedAsync(WorkloadSelector.Id, id, cancellationToken) : [];
        return byId.Concat(bySelector).DistinctBy(entity => entity.Ref);
    }

    private static async Task<Dictionary<string, string>?> LabelsAsync(ClusterReader cluster, string home, string pod, CancellationToken cancellationToken)
    {
        var answer = await cluster.GetAsync($"api/v1/namespaces/{home}/pods/{pod}", MaxPodBytes, cancellationToken);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        try
        {
            var metadata = answer is { IsOk: true, IsCut: false } && JsonNode.Parse(answer.Body) is JsonObject found ? found["metadata"] as JsonObject : null;
            return metadata is null
                ? throw new ServiceUnavailableException($"cluster {cluster.Cluster.Name} does not say what pod \"{pod}\" is: {answer.Problem}")
                : ((metadata["labels"] as JsonObject) ?? []).ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new ServiceUnavailableException($"cluster {cluster.Cluster.Name} does not say what pod \"{pod}\" is", e);
        }
    }
}
