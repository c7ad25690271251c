using System.Text.Json.Nodes;
using DevPlatform.MockTools.Hosting;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>
/// Strimzi's topic and connect operators, without a Kafka: topics and connectors become Ready, unless they ask for what Kafka refuses or their
/// annotation <c>mock.devplatform.io/fail</c> says why not. The team's Kafka login is put into Vault, as the cluster's own rotation does.
/// </summary>
internal sealed class StrimziOperators(ClusterClient cluster, VaultClient vault, CrossplaneOptions options, TimeProvider time, ILogger<StrimziOperators> log) : BackgroundService
{
    private const string Api = "apis/kafka.strimzi.io/v1beta2";
    private readonly Signal _changed = new();
    private readonly HashSet<string> _logins = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await IsInstalledAsync(stoppingToken))
        {
            await Task.Delay(TimeSpan.FromSeconds(2), time, stoppingToken);
        }

        var topics = new ClusterCache(cluster, $"{Api}/kafkatopics", _changed.Set, log);
        var connectors = new ClusterCache(cluster, $"{Api}/kafkaconnectors", _changed.Set, log);
        var watching = Task.WhenAll(topics.RunAsync(stoppingToken), connectors.RunAsync(stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(TimeSpan.FromSeconds(1), stoppingToken);
            foreach (var item in topics.Objects.Concat(connectors.Objects).Where(IsDue))
            {
                await ReconcileAsync(item.Copy(), stoppingToken);
            }
        }

        await watching;
    }

    // A cluster without Strimzi has no topics to look after.
    private async Task<bool> IsInstalledAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.GetAsync(Api, cancellationToken) is not null;
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    private bool IsDue(JsonObject item) =>
        item.Text("metadata", "deletionTimestamp") is null
        && item.At("status", "observedGeneration")?.ToString() != item.At("metadata", "generation")?.ToString()
        && time.GetUtcNow() - DateTimeOffset.Parse(item.Text("metadata", "creationTimestamp")!) >= TimeSpan.FromSeconds(options.ReadySeconds);

    private async Task ReconcileAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var (home, name) = (item.Text("metadata", "namespace")!, item.Text("metadata", "name")!);
        var isTopic = item.Text("kind") == "KafkaTopic";
        try
        {
            await EnsureLoginAsync(home, cancellationToken);
            var refusal = item.Text("metadata", "annotations", "mock.devplatform.io/fail") ?? (isTopic ? Refusal(item) : null);
            var fields = new JsonObject { ["observedGeneration"] = item.At("metadata", "generation")?.DeepClone() };
            if (isTopic)
            {
                fields["topicName"] = item.Text("spec", "topicName") ?? name;
                fields["partitions"] = (refusal is null ? item.At("spec", "partitions") : item.At("status", "partitions"))?.DeepClone();
            }
            else
            {
                fields["tasksMax"] = item.At("spec", "tasksMax")?.DeepClone() ?? 1;
                fields["connectorStatus"] = ConnectorStatus(name, refusal);
            }

            Condition[] conditions = refusal is null
                ? [new Condition("Ready", true, "Reconciled"), new Condition("NotReady", false, "Reconciled")]
                : [new Condition("Ready", false, "Reconciled"), new Condition("NotReady", true, isTopic ? "NotSupported" : "ConnectRestException", refusal)];
            // The operators have one of the two conditions at a time.
            item.Child("status").Remove("conditions");
            var address = $"{Api}/namespaces/{home}/{(isTopic ? "kafkatopics" : "kafkaconnectors")}/{name}";
            await cluster.SetStatusAsync(address, item, time.GetUtcNow(), [.. conditions.Where(c => c.Status)], fields, cancellationToken);
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or OperationCanceledException)
        {
            log.LogDebug("{Namespace}/{Name}: {Error}", home, name, error.Message);
        }
    }

    private static string? Refusal(JsonObject topic) =>
        topic.At("status", "partitions")?.GetValue<int>() is { } before && topic.At("spec", "partitions")?.GetValue<int>() < before
            ? $"Decreasing partitions from {before} to {topic.At("spec", "partitions")} is not supported"
            : null;

    private static JsonObject ConnectorStatus(string name, string? trace)
    {
        var state = trace is null ? "RUNNING" : "FAILED";
        var task = new JsonObject { ["id"] = 0, ["state"] = state, ["worker_id"] = "platform-connect-0:8083" };
        if (trace is not null)
        {
            task["trace"] = trace;
        }

        return new JsonObject
        {
            ["name"] = name,
            ["connector"] = new JsonObject { ["state"] = "RUNNING", ["worker_id"] = "platform-connect-0:8083" },
            ["tasks"] = new JsonArray(task),
            ["type"] = "source",
        };
    }

    private async Task EnsureLoginAsync(string home, CancellationToken cancellationToken)
    {
        if (options.VaultUrl is null || _logins.Contains(home))
        {
            return;
        }

        if (await vault.ReadAsync($"secret/data/{home}/kafka", cancellationToken) is null)
        {
            await vault.WriteAsync($"secret/data/{home}/kafka", new { data = new { username = home, password = Guid.NewGuid().ToString("N") } }, cancellationToken);
        }

        _logins.Add(home);
    }
}
