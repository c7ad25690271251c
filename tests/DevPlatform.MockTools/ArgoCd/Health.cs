using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>Health of resources as Argo CD's own checks and those of <c>deploy/argocd/argocd-cm.yaml</c> tell it.</summary>
internal sealed record Health(string Status, string? Message = null)
{
    // From best to worst: an application is as healthy as the worst of its resources.
    private static readonly string[] Order = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"];

    public static readonly Health Missing = new("Missing");

    public static string Worst(IEnumerable<string> statuses) => statuses.Aggregate("Healthy", (a, b) => Array.IndexOf(Order, b) > Array.IndexOf(Order, a) ? b : a);

    /// <summary>Null for kinds whose existence is all there is.</summary>
    public static Health? Of(JsonObject live)
    {
        if (live.Text("metadata", "deletionTimestamp") is not null)
        {
            return new Health("Progressing", "Pending deletion");
        }

        var group = live.Text("apiVersion")!.Split('/') is [var name, _] ? name : "";
        return (group, live.Text("kind")) switch
        {
            ("platform.devplatform.io", _) or (_, "Composition") => Claim(live),
            ("external-secrets.io", "ExternalSecret") => ExternalSecret(live),
            ("kafka.strimzi.io", _) => Strimzi(live),
            ("argoproj.io", "Application") => Application(live),
            ("apps", "Deployment") => Deployment(live),
            _ => null,
        };
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject { ["status"] = Status };
        if (Message is not null)
        {
            result["message"] = Message;
        }

        return result;
    }

    private static Health Claim(JsonObject live)
    {
        var conditions = live.Objects("status", "conditions").ToDictionary(c => c.Text("type")!);
        if (conditions.GetValueOrDefault("Synced") is { } synced && synced.Text("status") == "False")
        {
            return new Health("Degraded", synced.Text("message") ?? synced.Text("reason"));
        }

        return conditions.GetValueOrDefault("Ready") is not { } ready ? new Health("Progressing", "Waiting for the claim to be reconciled")
            : ready.Text("status") == "True" ? new Health("Healthy", ready.Text("reason"))
            : new Health("Progressing", ready.Text("message") ?? ready.Text("reason"));
    }

    private static Health ExternalSecret(JsonObject live) =>
        live.Objects("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready") is not { } ready ? new Health("Progressing", "Waiting for ExternalSecret")
            : ready.Text("status") == "True" ? new Health("Healthy", ready.Text("message"))
            : new Health("Degraded", ready.Text("message"));

    private static Health Strimzi(JsonObject live) =>
        live.Objects("status", "conditions").FirstOrDefault(c => c.Text("status") == "True") is not { } condition ? new Health("Progressing", "Waiting for the operator")
            : condition.Text("type") == "Ready" ? new Health("Healthy")
            : new Health("Degraded", condition.Text("message"));

    // By deploy/argocd/argocd-cm.yaml: without it an application of applications knows nothing of their health.
    private static Health Application(JsonObject live) =>
        live.Text("status", "health", "status") is { } status ? new Health(status) : new Health("Progressing", "Waiting for its first comparison");

    private static Health Deployment(JsonObject live)
    {
        int Count(params string[] path) => int.TryParse(live.At(path)?.ToString(), out var count) ? count : 0;
        var wanted = live.At("spec", "replicas") is null ? 1 : Count("spec", "replicas");
        return Count("status", "observedGeneration") < Count("metadata", "generation") || Count("status", "availableReplicas") < wanted
            ? new Health("Progressing", $"Waiting for rollout to finish: {Count("status", "availableReplicas")} of {wanted} updated replicas are available...")
            : new Health("Healthy");
    }
}
