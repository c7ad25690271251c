using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>Deployments that Argo CD has made are rolled out: their pods are there after a moment, though nothing runs.</summary>
internal sealed class DeploymentController(ClusterClient cluster, CrossplaneOptions options, TimeProvider time, ILogger<DeploymentController> log) : BackgroundService
{
    private const string Api = "apis/apps/v1";
    private readonly Signal _changed = new();
    private readonly Rollout _rollout = new(cluster, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var deployments = new ClusterCache(cluster, $"{Api}/deployments", _changed.Set, log);
        var watching = deployments.RunAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            foreach (var deployment in deployments.Objects.Where(IsDue))
            {
                await RollOutAsync(deployment, stoppingToken);
            }
        }

        await watching;
    }

    // Others who write deployments (tests of the portal) say themselves how they are.
    private bool IsDue(JsonObject deployment) =>
        deployment.Text("metadata", "annotations", ArgoCd.Comparison.TrackingAnnotation) is not null
        && deployment.At("status", "observedGeneration")?.ToString() != deployment.At("metadata", "generation")?.ToString()
        && time.GetUtcNow() - DateTimeOffset.Parse(deployment.Text("metadata", "creationTimestamp")!) >= TimeSpan.FromSeconds(options.ReadySeconds);

    private async Task RollOutAsync(JsonObject deployment, CancellationToken cancellationToken)
    {
        var (home, name) = (deployment.Text("metadata", "namespace")!, deployment.Text("metadata", "name")!);
        var replicas = deployment.At("spec", "replicas")?.GetValue<int>() ?? 1;
        try
        {
            await _rollout.RunAsync(deployment, replicas, cancellationToken);
            await cluster.MergeAsync($"{Api}/namespaces/{home}/deployments/{name}/status", new JsonObject
            {
                ["status"] = new JsonObject
                {
                    ["observedGeneration"] = deployment.At("metadata", "generation")?.DeepClone(),
                    ["replicas"] = replicas,
                    ["updatedReplicas"] = replicas,
                    ["readyReplicas"] = replicas,
                    ["availableReplicas"] = replicas,
                },
            }, cancellationToken);
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or OperationCanceledException)
        {
            log.LogDebug("{Namespace}/{Name}: {Error}", home, name, error.Message);
        }
    }
}
