using System.Text;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>
/// <c>GET …/pods/{name}/log</c>. Nothing runs, so a log is what annotation <c>mock.devplatform.io/log</c> of the pod says
/// (<c>mock.devplatform.io/log-repeat</c> times), or some lines such as a service writes.
/// </summary>
internal static class PodLogs
{
    public const string Subresource = "log";
    private const string Annotation = "mock.devplatform.io/log";

    /// <exception cref="KubernetesException">400: no such container, or it has no previous run.</exception>
    public static IResult Read(JsonObject pod, IQueryCollection query, DateTimeOffset now)
    {
        var name = pod.Text("metadata", "name")!;
        var container = Container(pod, name, query["container"].ToString());
        if (IsTrue(query, "previous") && pod.Objects("status", "containerStatuses").All(s => s.Text("name") != container || s.At("restartCount")?.ToString() is null or "0"))
        {
            throw KubernetesException.BadRequest($"previous terminated container \"{container}\" in pod \"{name}\" not found");
        }

        var lines = Lines(pod, container, now).ToArray();
        var tail = Number(query, "tailLines") ?? lines.Length;
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.TakeLast(tail).Select(line => line + "\n")));
        var limit = Number(query, "limitBytes") ?? text.Length;
        return Results.Bytes(text.AsMemory(0, Math.Min(limit, text.Length)), "text/plain");
    }

    private static string Container(JsonObject pod, string name, string asked)
    {
        var containers = pod.Objects("spec", "containers").Select(c => c.Text("name")!).ToArray();
        return asked.Length > 0
            ? containers.Contains(asked) ? asked : throw KubernetesException.BadRequest($"container {asked} is not valid for pod {name}")
            : containers is [var only] ? only : throw KubernetesException.BadRequest($"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', containers)}]");
    }

    private static IEnumerable<string> Lines(JsonObject pod, string container, DateTimeOffset now)
    {
        if (pod.Text("metadata", "annotations", Annotation) is { } text)
        {
            var times = int.TryParse(pod.Text("metadata", "annotations", $"{Annotation}-repeat"), out var repeat) ? repeat : 1;
            return Enumerable.Repeat(text.TrimEnd('\n').Split('\n'), times).SelectMany(line => line);
        }

        var started = DateTimeOffset.TryParse(pod.Text("status", "startTime"), out var at) ? at : now;
        string[] said =
        [
            $"info: {container} is starting in {pod.Text("metadata", "namespace")}",
            "info: listening on http://[::]:8080",
            "info: GET /health/ready 200 in 1 ms",
            "info: GET /orders/42 200 in 12 ms",
            // Whatever strangers send is in logs too.
            "warn: GET /orders?q=<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> 400 in 2 ms",
            "info: GET /health/ready 200 in 1 ms",
        ];
        return said.Select((line, i) => $"{started.AddSeconds(i).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {line}");
    }

    // As the API server reads them: a parameter without a value is true.
    private static bool IsTrue(IQueryCollection query, string name) => query.TryGetValue(name, out var value) && value.ToString() is not ("false" or "0");

    private static int? Number(IQueryCollection query, string name) =>
        query[name].ToString() is not { Length: > 0 } text ? null
            : int.TryParse(text, out var number) && number >= 0 ? number
            : throw KubernetesException.BadRequest($"{name}: '{text}'; allowed: 0 and positive integers");
}
