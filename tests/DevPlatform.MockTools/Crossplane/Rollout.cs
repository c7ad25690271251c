using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Crossplane;

/// <summary>What a cluster makes of a deployment: a replica set, its pods as if they ran, their events and what they use.</summary>
internal sealed class Rollout(ClusterClient cluster, TimeProvider time)
{
    private const string HashLabel = "pod-template-hash";

    /// <exception cref="ClusterException">The cluster refuses something of it; what is there already stays.</exception>
    public async Task RunAsync(JsonObject deployment, int replicas, CancellationToken cancellationToken)
    {
        var (home, name) = (deployment.Text("metadata", "namespace")!, deployment.Text("metadata", "name")!);
        var hash = Hash(deployment.At("spec", "template")!.ToJsonString());
        var template = ((JsonObject)deployment.At("spec", "template")!).Copy();
        template.Child("metadata", "labels")[HashLabel] = hash;
        var selector = ((JsonObject)deployment.At("spec", "selector")!).Copy();
        selector.Child("matchLabels")[HashLabel] = hash;
        var set = await ApplyAsync("apis/apps/v1", "replicasets", new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = Metadata(home, $"{name}-{hash}", template, deployment, "apps/v1", "Deployment"),
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template },
        }, cancellationToken);
        await cluster.MergeAsync($"apis/apps/v1/namespaces/{home}/replicasets/{name}-{hash}/status", new JsonObject
        {
            ["status"] = new JsonObject { ["observedGeneration"] = set.At("metadata", "generation")?.DeepClone(), ["replicas"] = replicas, ["readyReplicas"] = replicas, ["availableReplicas"] = replicas },
        }, cancellationToken);

        var pods = Enumerable.Range(0, replicas).Select(i => $"{name}-{hash}-{Hash($"{name}/{i}")[..5]}").ToHashSet();
        foreach (var pod in pods)
        {
            await RunPodAsync(home, pod, template, set, cancellationToken);
        }

        await EndOthersAsync(home, name, $"{name}-{hash}", pods, cancellationToken);
    }

    private async Task RunPodAsync(string home, string name, JsonObject template, JsonObject set, CancellationToken cancellationToken)
    {
        if (await cluster.GetAsync($"api/v1/namespaces/{home}/pods/{name}", cancellationToken) is { } there && there.Text("status", "phase") is not null)
        {
            return;
        }

        var now = ObjectRules.Timestamp(time.GetUtcNow());
        var pod = await ApplyAsync("api/v1", "pods", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = Metadata(home, name, template, set, "apps/v1", "ReplicaSet"),
            ["spec"] = template["spec"]!.DeepClone(),
        }, cancellationToken);
        await cluster.MergeAsync($"api/v1/namespaces/{home}/pods/{name}/status", new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["startTime"] = now,
                ["podIP"] = $"10.0.{RandomNumberGenerator.GetInt32(256)}.{RandomNumberGenerator.GetInt32(1, 255)}",
                ["conditions"] = new JsonArray([.. ((string[])["PodScheduled", "Initialized", "ContainersReady", "Ready"]).Select(type => new JsonObject { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = now })]),
                ["containerStatuses"] = new JsonArray([.. pod.Objects("spec", "containers").Select(container => new JsonObject
                {
                    ["name"] = container.Text("name"),
                    ["image"] = container.Text("image"),
                    ["ready"] = true,
                    ["started"] = true,
                    ["restartCount"] = 0,
                    ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
                })]),
            },
        }, cancellationToken);
        await ApplyAsync("apis/metrics.k8s.io/v1beta1", "pods", new JsonObject
        {
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
            ["kind"] = "PodMetrics",
            ["metadata"] = Metadata(home, name, template, pod, "v1", "Pod"),
            ["timestamp"] = now,
            ["window"] = "15s",
            ["containers"] = new JsonArray([.. pod.Objects("spec", "containers").Select(container => new JsonObject
            {
                ["name"] = container.Text("name"),
                ["usage"] = new JsonObject { ["cpu"] = $"{RandomNumberGenerator.GetInt32(5, 60)}000000n", ["memory"] = $"{RandomNumberGenerator.GetInt32(40, 120)}Mi" },
            })]),
        }, cancellationToken);
        await TellAsync(pod, "Scheduled", $"Successfully assigned {home}/{name} to node-1", "default-scheduler", now, cancellationToken);
        await TellAsync(pod, "Started", "Started container", "kubelet", now, cancellationToken);
    }

    private async Task TellAsync(JsonObject pod, string reason, string message, string source, string at, CancellationToken cancellationToken)
    {
        var (home, name) = (pod.Text("metadata", "namespace")!, pod.Text("metadata", "name")!);
        await ApplyAsync("api/v1", "events", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = $"{name}.{Hash(reason)}", ["namespace"] = home },
            ["involvedObject"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["namespace"] = home, ["name"] = name, ["uid"] = pod.Text("metadata", "uid") },
            ["reason"] = reason,
            ["message"] = message,
            ["type"] = "Normal",
            ["count"] = 1,
            ["firstTimestamp"] = at,
            ["lastTimestamp"] = at,
            ["source"] = new JsonObject { ["component"] = source },
        }, cancellationToken);
    }

    /// <summary>Replica sets of earlier templates, and pods of more replicas.</summary>
    private async Task EndOthersAsync(string home, string deployment, string set, HashSet<string> pods, CancellationToken cancellationToken)
    {
        foreach (var (collection, kept) in new[] { ($"apis/apps/v1/namespaces/{home}/replicasets", new HashSet<string> { set }), ($"api/v1/namespaces/{home}/pods", pods) })
        {
            var list = await cluster.ListAsync(collection, cancellationToken);
            // A set belongs to the deployment, a pod to a set of it.
            var gone = list.Objects("items").Where(item => !kept.Contains(item.Text("metadata", "name")!) && item.Objects("metadata", "ownerReferences").Any(owner =>
                owner.Text("kind") == "Deployment" ? owner.Text("name") == deployment : owner.Text("kind") == "ReplicaSet" && owner.Text("name") == set));
            foreach (var item in gone.ToList())
            {
                await cluster.DeleteAsync($"{collection}/{item.Text("metadata", "name")}", cancellationToken);
            }
        }
    }

    private Task<JsonObject> ApplyAsync(string api, string plural, JsonObject manifest, CancellationToken cancellationToken) => cluster.ApplyAsync(
        $"{api}/namespaces/{manifest.Text("metadata", "namespace")}/{plural}/{manifest.Text("metadata", "name")}", manifest, cancellationToken);

    private static JsonObject Metadata(string home, string name, JsonObject template, JsonObject owner, string apiVersion, string kind)
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = home,
            ["labels"] = template.At("metadata", "labels")?.DeepClone(),
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = apiVersion,
                ["kind"] = kind,
                ["name"] = owner.Text("metadata", "name"),
                ["uid"] = owner.Text("metadata", "uid"),
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        };
        if (template.At("metadata", "annotations") is { } annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        return metadata;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];
}
