using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>A cluster, as Backstage's Kubernetes plugin reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name for people, where it has another.</param>
/// <param name="DashboardUrl">Where people look at it.</param>
/// <param name="AuthProvider">Always <c>serviceAccount</c>: browsers need no credential of the cluster.</param>
public sealed record ClusterView(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DashboardUrl,
    string AuthProvider = "serviceAccount");

/// <summary>All clusters.</summary>
/// <param name="Items">In the order of the configuration.</param>
public sealed record ClusterList(IReadOnlyList<ClusterView> Items);

/// <summary>Objects of one kind.</summary>
/// <param name="Type">Backstage's name of the kind: <c>pods</c>, <c>deployments</c>, …, <c>customresources</c>.</param>
/// <param name="Resources">The objects as the cluster has them, but for what no page shows (managed fields, values of ConfigMaps).</param>
public sealed record FetchedObjects(string Type, JsonElement Resources);

/// <summary>What could not be read.</summary>
/// <param name="ErrorType">BAD_REQUEST, UNAUTHORIZED_ERROR, NOT_FOUND, SYSTEM_ERROR, UNKNOWN_ERROR, or FETCH_ERROR with a message.</param>
/// <param name="StatusCode">What the cluster answered.</param>
/// <param name="ResourcePath">For what.</param>
/// <param name="Message">What is wrong, in words; of a FETCH_ERROR.</param>
public sealed record FetchError(
    string ErrorType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? StatusCode = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ResourcePath = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null)
{
    /// <summary>An error in words.</summary>
    public static FetchError Of(string message) => new("FETCH_ERROR", Message: message);
}

/// <summary>Use of one resource: CPU in cores as a number, memory in bytes as a text of digits (as Backstage sends what may be too large a number).</summary>
/// <param name="CurrentUsage">Used now.</param>
/// <param name="RequestTotal">Requested.</param>
/// <param name="LimitTotal">The limit; 0 where there is none.</param>
public sealed record ResourceUsage(JsonValue CurrentUsage, JsonValue RequestTotal, JsonValue LimitTotal);

/// <summary>What a container uses.</summary>
public sealed record ContainerUsage(string Container, ResourceUsage CpuUsage, ResourceUsage MemoryUsage);

/// <summary>What a pod uses.</summary>
/// <param name="Pod">Its name and namespace, as <c>metadata</c>.</param>
/// <param name="Cpu">Of all its containers.</param>
/// <param name="Memory">Of all its containers.</param>
/// <param name="Containers">Of each.</param>
public sealed record PodUsage(JsonObject Pod, ResourceUsage Cpu, ResourceUsage Memory, IReadOnlyList<ContainerUsage> Containers);

/// <summary>What one cluster has of an entity.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Resources">Objects by kind.</param>
/// <param name="PodMetrics">What its pods use; empty where the cluster does not measure.</param>
/// <param name="Errors">What could not be read; the rest is there all the same. A cluster that is down says here how old its answer is.</param>
public sealed record ClusterObjects(
    ClusterView Cluster, IReadOnlyList<FetchedObjects> Resources, IReadOnlyList<PodUsage> PodMetrics, IReadOnlyList<FetchError> Errors)
{
    internal bool SaysSomething => Errors.Count > 0 || Resources.Any(kind => kind.Resources.GetArrayLength() > 0);
}

/// <summary>What clusters have of an entity (Backstage's ObjectsByEntityResponse).</summary>
/// <param name="Items">By cluster; those that have nothing are left out.</param>
public sealed record ObjectsByEntity(IReadOnlyList<ClusterObjects> Items);
