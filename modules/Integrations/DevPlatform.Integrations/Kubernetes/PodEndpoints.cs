using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DevPlatform.Integrations.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>
/// What Backstage's plugin reads through its proxy to a cluster's API: logs and events of an entity's pods. There is no proxy behind it: each is a
/// request of our own, and everything else, shells and deletions included, is refused.
/// </summary>
internal static partial class PodEndpoints
{
    private const string ClusterHeader = "Backstage-Kubernetes-Cluster";
    private const string Offered = "GET …/namespaces/{namespace}/pods/{pod}/log and GET …/namespaces/{namespace}/events?fieldSelector=involvedObject.name={pod}";
    private const int MaxEventBytes = 4 * 1024 * 1024;

    public static void MapPods(this IEndpointRouteBuilder kubernetes)
    {
        var proxy = kubernetes.MapGroup("/proxy");
        proxy.MapGet("/api/v1/namespaces/{namespace}/pods/{pod}/log", LogAsync).RequirePermission(IntegrationsPermissions.KubernetesProxy)
            .WithSummary("The last lines of a pod's log (?container=, ?previous); the pod must be an entity's. Header Backstage-Kubernetes-Cluster names the cluster")
            .Produces<string>(contentType: "text/plain");
        proxy.MapGet("/api/v1/namespaces/{namespace}/events", EventsAsync).RequirePermission(IntegrationsPermissions.KubernetesProxy)
            .WithSummary("Events of a pod (?fieldSelector=involvedObject.name=), as Kubernetes' EventList; the pod must be an entity's");
        proxy.Map("/{**path}", Refuse).RequirePermission(IntegrationsPermissions.KubernetesProxy).ExcludeFromDescription();
    }

    private static async Task<IResult> LogAsync(
        HttpContext http, string @namespace, string pod, Caller caller, ClusterReaders clusters, EntityPods pods, IOptions<KubernetesReadOptions> options, IAuditTrail audit)
    {
        var (container, previous) = LogOf(http.Request.Query);
        var cluster = clusters.Find(http.Request.Headers[ClusterHeader]);
        var entity = await pods.AuthorizedAsync(http, cluster, Label("namespace", @namespace), Name("pod", pod), IntegrationsPermissions.KubernetesPodsLogs);
        var answer = await cluster.GetAsync(
            $"api/v1/namespaces/{@namespace}/pods/{pod}/log?tailLines={options.Value.LogLines}&limitBytes={options.Value.LogBytes}"
            + $"{(container is null ? "" : $"&container={container}")}{(previous ? "&previous=true" : "")}",
            options.Value.LogBytes,
            http.RequestAborted);
        Check(cluster, answer);
        await audit.RecordAsync(
            caller.ToActor(), IntegrationsPermissions.KubernetesPodsLogs.Name, entity.Ref, AuditResult.Success, $"{cluster.Cluster.Name}/{@namespace}/{pod}/{container}");
        // Bytes that are no UTF-8 become replacement characters.
        return Results.Text(Encoding.UTF8.GetString(answer.Body), "text/plain", Encoding.UTF8);
    }

    private static async Task<IResult> EventsAsync(HttpContext http, string @namespace, ClusterReaders clusters, EntityPods pods)
    {
        var query = http.Request.Query;
        var selector = query["fieldSelector"].ToString();
        if (query.Keys.FirstOrDefault(key => key != "fieldSelector") is { } other)
        {
            throw InputException.For(other, query[other], "fieldSelector only");
        }

        if (InvolvedObject().Match(selector) is not { Success: true } match)
        {
            throw InputException.For("fieldSelector", selector, "involvedObject.name=<name of a pod>");
        }

        var pod = Name("fieldSelector", match.Groups["name"].Value);
        var cluster = clusters.Find(http.Request.Headers[ClusterHeader]);
        await pods.AuthorizedAsync(http, cluster, Label("namespace", @namespace), pod, IntegrationsPermissions.KubernetesPodsRead);
        var fields = Uri.EscapeDataString($"involvedObject.kind=Pod,involvedObject.name={pod}");
        var answer = await cluster.GetAsync($"api/v1/namespaces/{@namespace}/events?limit=500&fieldSelector={fields}", MaxEventBytes, http.RequestAborted);
        Check(cluster, answer);
        return answer.IsCut
            ? throw new ServiceUnavailableException($"cluster {cluster.Cluster.Name} has more than {MaxEventBytes >> 20} MB of events of {pod}")
            : Results.Bytes(answer.Body, "application/json");
    }

    private static void Refuse(HttpContext http, string? path) =>
        throw new NotAllowedException($"The platform only reads from clusters, and through this address only {Offered}; found {http.Request.Method} /{path}");

    /// <summary>The container and whether its last run is meant; the cluster gets nothing else of the query.</summary>
    private static (string? Container, bool Previous) LogOf(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => key is not ("container" or "previous")) is { } other)
        {
            throw InputException.For(other, query[other], "container, previous");
        }

        // As Kubernetes reads it: the parameter alone means true.
        var previous = query.TryGetValue("previous", out var text) && !string.Equals(text, "false", StringComparison.OrdinalIgnoreCase) && text != "0";
        return (query.TryGetValue("container", out var container) ? Label("container", container.ToString()) : null, previous);
    }

    private static string Label(string field, string text) =>
        DnsLabel().IsMatch(text) ? text : throw InputException.For(field, text, "1 to 63 lower-case letters, digits and -, ends alphanumeric");

    private static string Name(string field, string text) =>
        text.Length <= 253 && text.Split('.').All(part => DnsLabel().IsMatch(part)) ? text
            : throw InputException.For(field, text, "the name of a pod: lower-case letters, digits, - and .");

    private static void Check(ClusterReader cluster, ClusterAnswer answer)
    {
        if (!answer.IsOk)
        {
            throw answer.Status switch
            {
                HttpStatusCode.BadRequest => new InputException($"cluster {cluster.Cluster.Name}: {answer.Problem}"),
                HttpStatusCode.NotFound => new NotFoundException($"cluster {cluster.Cluster.Name}: {answer.Problem}"),
                _ => new ServiceUnavailableException($"cluster {cluster.Cluster.Name}: {answer.Problem}"),
            };
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"\AinvolvedObject\.name=(?<name>[a-z0-9.-]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InvolvedObject();
}
