using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>What an Application asks for, read from the custom resource.</summary>
internal sealed record ApplicationSpec(JsonObject Resource)
{
    public string Name { get; } = Resource.Text("metadata", "name")!;

    public string Namespace { get; } = Resource.Text("metadata", "namespace")!;

    public string Project => Resource.Text("spec", "project") ?? "default";

    public JsonObject Source => Resource.At("spec", "source") as JsonObject ?? [];

    public string RepoUrl => Source.Text("repoURL") ?? "";

    public string Path => (Source.Text("path") ?? ".").Trim('/') is var path && path == "." ? "" : path;

    public string TargetRevision => Source.Text("targetRevision") is { Length: > 0 } revision ? revision : "HEAD";

    public bool Recurse => IsTrue(Source.At("directory", "recurse"));

    public string? Include => Source.Text("directory", "include");

    public string? Exclude => Source.Text("directory", "exclude");

    public string DestinationNamespace => Resource.Text("spec", "destination", "namespace") ?? "";

    public bool Automated => Resource.At("spec", "syncPolicy", "automated") is JsonObject automated && automated["enabled"]?.GetValue<bool>() != false;

    public bool Prune => Automated && IsTrue(Resource.At("spec", "syncPolicy", "automated", "prune"));

    public bool SelfHeal => Automated && IsTrue(Resource.At("spec", "syncPolicy", "automated", "selfHeal"));

    public bool CreateNamespace => (Resource.At("spec", "syncPolicy", "syncOptions") as JsonArray)?.Any(o => o?.ToString() == "CreateNamespace=true") == true;

    public int RetryLimit => int.TryParse(Resource.At("spec", "syncPolicy", "retry", "limit")?.ToString(), out var limit) ? limit : 0;

    /// <summary>Seconds before the given retry, the first being 1.</summary>
    public TimeSpan RetryDelay(int attempt)
    {
        var backoff = Resource.At("spec", "syncPolicy", "retry", "backoff");
        var first = Seconds(backoff.Text("duration"), 5);
        var factor = double.TryParse(backoff.At("factor")?.ToString(), out var f) ? f : 2;
        return TimeSpan.FromSeconds(Math.Min(first * Math.Pow(factor, attempt - 1), Seconds(backoff.Text("maxDuration"), 180)));
    }

    /// <summary>The value of the annotation that marks a resource as this application's.</summary>
    public string TrackingId(ResourceId resource) => $"{Name}:{resource.Group}/{resource.Kind}:{resource.Namespace}/{resource.Name}";

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static double Seconds(string? duration, double standard) => duration is { Length: > 1 } && double.TryParse(duration[..^1], out var number)
        ? duration[^1] switch { 'm' => number * 60, 'h' => number * 3600, _ => number }
        : standard;
}

/// <summary>Which resource of the cluster.</summary>
internal sealed record ResourceId(string Group, string Version, string Kind, string Namespace, string Name)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourceId Of(JsonObject manifest, string @namespace)
    {
        var api = manifest.Text("apiVersion")!.Split('/');
        return new ResourceId(api.Length == 2 ? api[0] : "", api[^1], manifest.Text("kind")!, @namespace, manifest.Text("metadata", "name") ?? "");
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject { ["version"] = Version, ["kind"] = Kind, ["name"] = Name };
        if (Group.Length > 0)
        {
            result["group"] = Group;
        }

        if (Namespace.Length > 0)
        {
            result["namespace"] = Namespace;
        }

        return result;
    }
}
