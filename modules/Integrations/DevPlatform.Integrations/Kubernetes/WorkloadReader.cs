using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.Integrations.Adapters;
using DevPlatform.Shared.Clusters;
using DevPlatform.Shared.Errors;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>Reads what clusters have of an entity; a cluster that is down serves what it said last, and says so.</summary>
internal sealed class WorkloadReader(ClusterReaders clusters, StaleWhileError answers, IOptions<KubernetesReadOptions> options)
{
    private const int MaxListBytes = 8 * 1024 * 1024;
    private const int MaxNamespaces = 20;

    /// <summary>The entity's workloads.</summary>
    public Task<ObjectsByEntity> WorkloadsAsync(CatalogEntity entity, CancellationToken cancellationToken) =>
        ReadAsync(entity, [.. ObjectKind.Workloads, .. options.Value.CustomKinds], cancellationToken);

    /// <summary>The entity's objects of some kinds.</summary>
    public async Task<ObjectsByEntity> ReadAsync(CatalogEntity entity, IReadOnlyList<ObjectKind> kinds, CancellationToken cancellationToken)
    {
        if (WorkloadSelector.Of(entity) is not { } selector)
        {
            return new ObjectsByEntity([]);
        }

        var objects = await Task.WhenAll(
            clusters.All.Where(cluster => selector.IsIn(cluster.Cluster.Name)).Select(cluster => ReadOrSayWhyNotAsync(cluster, selector, kinds, cancellationToken)));
        return new ObjectsByEntity([.. objects.Where(cluster => cluster.SaysSomething)]);
    }

    /// <summary>A cluster as pages see it.</summary>
    public static ClusterView View(ClusterOptions cluster) => new(cluster.Name, cluster.Title, cluster.DashboardUrl);

    private async Task<ClusterObjects> ReadOrSayWhyNotAsync(
        ClusterReader cluster, WorkloadSelector selector, IReadOnlyList<ObjectKind> kinds, CancellationToken cancellationToken)
    {
        var name = cluster.Cluster.Name;
        try
        {
            var answer = await answers.GetAsync(
                $"kubernetes/{name}/{selector.Namespace}/{selector.Labels}/{string.Join(' ', kinds)}",
                options.Value.FreshFor,
                ct => ReadAsync(cluster, selector, kinds, ct),
                cancellationToken,
                read => read.Bytes);
            return !answer.Stale ? answer.Value.Objects : answer.Value.Objects with
            {
                Errors = [.. answer.Value.Objects.Errors, FetchError.Of($"cluster {name} cannot be read now; this is what it had at {answer.AsOf:u}")],
            };
        }
        catch (ServiceUnavailableException e)
        {
            return new ClusterObjects(View(cluster.Cluster), [], [], [FetchError.Of(e.Message)]);
        }
    }

    /// <exception cref="ServiceUnavailableException">Nothing at all could be read.</exception>
    private async Task<(ClusterObjects Objects, long Bytes)> ReadAsync(
        ClusterReader cluster, WorkloadSelector selector, IReadOnlyList<ObjectKind> kinds, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(kinds.Select(kind => ListAsync(cluster, selector, kind, selector.Namespace, cancellationToken)));
        if (lists.Where(list => !list.IsAbsent).ToList() is [var first, ..] present && present.TrueForAll(list => list.Problem is not null))
        {
            throw new ServiceUnavailableException($"cluster {cluster.Cluster.Name} cannot be read: {first.Problem}");
        }

        var pods = lists.Where(list => list.Kind.Type == "pods").SelectMany(list => list.Items).OfType<JsonObject>().ToList();
        var metrics = await Task.WhenAll(pods.Select(PodMetrics.NamespaceOf).Distinct().Take(MaxNamespaces)
            .Select(home => ListAsync(cluster, selector, ObjectKind.Metrics, home, cancellationToken)));
        var all = lists.Concat(metrics).ToList();
        var objects = new ClusterObjects(
            View(cluster.Cluster),
            [.. lists.Where(list => list.Problem is null).Select(list => new FetchedObjects(list.Kind.Type, JsonSerializer.SerializeToElement(list.Items)))],
            PodMetrics.Of(pods, metrics.SelectMany(list => list.Items).OfType<JsonObject>()),
            [.. all.Select(list => list.Error).OfType<FetchError>()]);
        return (objects, all.Sum(list => list.Bytes));
    }

    private async Task<ObjectList> ListAsync(
        ClusterReader cluster, WorkloadSelector selector, ObjectKind kind, string? home, CancellationToken cancellationToken)
    {
        var path = kind.Path(home);
        ClusterAnswer answer;
        try
        {
            answer = await cluster.GetAsync(
                $"{path}?limit={options.Value.MaxObjects}&labelSelector={Uri.EscapeDataString(selector.Labels)}", MaxListBytes, cancellationToken);
        }
        catch (ServiceUnavailableException e)
        {
            return ObjectList.Failed(kind, e.Message, FetchError.Of(e.Message));
        }

        return answer switch
        {
            _ when kind.IsAbsentAt(answer.Status) => ObjectList.Absent(kind),
            { IsOk: false } => ObjectList.Failed(kind, answer.Problem, new FetchError(ErrorType(answer), (int)answer.Status, $"/{path}")),
            { IsCut: true } => ObjectList.Failed(kind, "too large", FetchError.Of($"{kind}: more than {MaxListBytes >> 20} MB")),
            _ => ObjectList.Read(kind, answer.Body, options.Value.MaxObjects),
        };
    }

    private static string ErrorType(ClusterAnswer answer) => (int)answer.Status switch
    {
        400 => "BAD_REQUEST",
        401 => "UNAUTHORIZED_ERROR",
        404 => "NOT_FOUND",
        500 => "SYSTEM_ERROR",
        _ => "UNKNOWN_ERROR",
    };
}
