using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;
using Npgsql;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>
/// Follows the claims of every composite resource definition in the cluster and brings each a step further whenever something changes, and every
/// half second while something is on its way. Each pass looks at what is there, so that it can begin anywhere.
/// </summary>
internal sealed class ClaimController(ClusterClient cluster, ClaimReconciler reconciler, ILogger<ClaimController> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private readonly Signal _changed = new();
    private readonly Dictionary<string, ClusterCache> _claims = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var definitions = new ClusterCache(cluster, "apis/apiextensions.crossplane.io/v1/compositeresourcedefinitions", _changed.Set, log);
        var watching = definitions.RunAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(Tick, stoppingToken);
            foreach (var definition in definitions.Objects.Where(d => d.At("spec", "claimNames") is not null))
            {
                Follow(definition, stoppingToken);
                await ReconcileAllAsync(definition, stoppingToken);
            }
        }

        await watching;
    }

    private void Follow(JsonObject definition, CancellationToken stoppingToken)
    {
        var collection = ClusterClient.Collection(ClaimReconciler.ApiVersion(definition), definition.Text("spec", "claimNames", "plural")!);
        if (!_claims.ContainsKey(collection))
        {
            _claims[collection] = new ClusterCache(cluster, collection, _changed.Set, log);
            _ = _claims[collection].RunAsync(stoppingToken);
        }
    }

    private async Task ReconcileAllAsync(JsonObject definition, CancellationToken stoppingToken)
    {
        var collection = ClusterClient.Collection(ClaimReconciler.ApiVersion(definition), definition.Text("spec", "claimNames", "plural")!);
        foreach (var claim in _claims[collection].Objects)
        {
            try
            {
                await reconciler.ReconcileAsync(definition, claim, stoppingToken);
            }
            catch (Exception error) when (error is ClusterException or HttpRequestException or NpgsqlException or InvalidOperationException or OperationCanceledException or TimeoutException)
            {
                // Tried again on the next pass; a conflict means that the copy is older than the object.
                if (error is not ClusterException { Code: 409 or 404 } && !stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning("{Namespace}/{Name}: {Error}", claim.Text("metadata", "namespace"), claim.Text("metadata", "name"), error.Message);
                }
            }
        }
    }
}
