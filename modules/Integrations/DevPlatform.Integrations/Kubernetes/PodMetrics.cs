using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace DevPlatform.Integrations.Kubernetes;

/// <summary>What pods use, from metrics.k8s.io, beside what they request and are limited to.</summary>
internal static class PodMetrics
{
    /// <summary>One entry per pod that is measured.</summary>
    public static IReadOnlyList<PodUsage> Of(IEnumerable<JsonObject> pods, IEnumerable<JsonObject> metrics)
    {
        var measured = metrics.GroupBy(Key).ToDictionary(group => group.Key, group => group.First());
        return [.. pods.Where(pod => measured.ContainsKey(Key(pod))).Select(pod => Of(pod, measured[Key(pod)]))];
    }

    /// <summary>A pod's namespace.</summary>
    public static string NamespaceOf(JsonObject pod) => Key(pod).Namespace;

    private static PodUsage Of(JsonObject pod, JsonObject metrics)
    {
        var (home, name) = Key(pod);
        var used = Objects(metrics["containers"]).ToLookup(container => Text(container["name"]), container => container["usage"]);
        var containers = Objects(pod["spec"]?["containers"])
            .Select(container => (Name: Text(container["name"]), Usage: used[Text(container["name"])].FirstOrDefault(), Resources: container["resources"])).ToList();
        var cpu = containers.Select(c => Amounts(c.Usage, c.Resources, "cpu")).ToList();
        var memory = containers.Select(c => Amounts(c.Usage, c.Resources, "memory")).ToList();
        return new PodUsage(
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = home } },
            Cpu(Sum(cpu)),
            Memory(Sum(memory)),
            [.. containers.Select((c, i) => (c, i)).Where(pair => pair.c.Usage is not null).Select(pair => new ContainerUsage(pair.c.Name, Cpu(cpu[pair.i]), Memory(memory[pair.i])))]);
    }

    private static (string Namespace, string Name) Key(JsonObject item) => (Text(item["metadata"]?["namespace"]), Text(item["metadata"]?["name"]));

    private static (decimal Used, decimal Requested, decimal Limit) Amounts(JsonNode? usage, JsonNode? resources, string resource) =>
        (Quantity(usage?[resource]), Quantity(resources?["requests"]?[resource]), Quantity(resources?["limits"]?[resource]));

    private static (decimal Used, decimal Requested, decimal Limit) Sum(IEnumerable<(decimal Used, decimal Requested, decimal Limit)> amounts) =>
        amounts.Aggregate((Used: 0m, Requested: 0m, Limit: 0m), (sum, next) => (sum.Used + next.Used, sum.Requested + next.Requested, sum.Limit + next.Limit));

    private static ResourceUsage Cpu((decimal Used, decimal Requested, decimal Limit) amounts) =>
        new(JsonValue.Create(amounts.Used), JsonValue.Create(amounts.Requested), JsonValue.Create(amounts.Limit));

    private static ResourceUsage Memory((decimal Used, decimal Requested, decimal Limit) amounts) => new(Digits(amounts.Used), Digits(amounts.Requested), Digits(amounts.Limit));

    private static JsonValue Digits(decimal amount) => JsonValue.Create(decimal.Truncate(amount).ToString(CultureInfo.InvariantCulture));

    private static decimal Quantity(JsonNode? value)
    {
        try
        {
            return value is null ? 0 : new ResourceQuantity(value.ToString()).ToDecimal();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            return 0;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? array) => (array as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var found) ? found : "";
}
