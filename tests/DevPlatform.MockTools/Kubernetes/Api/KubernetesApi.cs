using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Objects;
using DevPlatform.MockTools.Kubernetes.Types;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>Routes of the API server: discovery, reviews and objects.</summary>
internal sealed class KubernetesApi(TypeRegistry types, Discovery discovery, Users users, ResourceEndpoint resources, ObjectStore store, WatchEndpoint watches)
{
    /// <summary>How to make watches fail on purpose: <c>POST /__compact</c>.</summary>
    /// <param name="Disconnect">Also end the running watches.</param>
    /// <param name="GoneAsStatus">From now on a watch from a forgotten version gets HTTP 410 instead of an ERROR event.</param>
    internal sealed record Compaction(bool Disconnect = false, bool GoneAsStatus = false);

    public void Map(WebApplication app)
    {
        app.MapGet("/version", () => new { major = "1", minor = "36", gitVersion = "v1.36.0", platform = "linux/amd64" });
        foreach (var health in (string[])["/healthz", "/livez", "/readyz"])
        {
            app.MapGet(health, () => "ok");
        }

        app.MapPost("/__compact", (Compaction how) =>
        {
            watches.GoneAsStatus = how.GoneAsStatus;
            var version = store.Compact();
            if (how.Disconnect)
            {
                watches.Disconnect();
            }

            return new { compacted = version.ToString() };
        });
        app.MapGet("/openapi/v2", (Delegate)((HttpContext context) => GuardedAsync(context, _ => Task.FromResult(ResourceEndpoint.Answer(OpenApi())))));
        app.Map("/api/{**path}", (HttpContext context, string? path) => GuardedAsync(context, user => DispatchAsync(context, user, core: true, path ?? "")));
        app.Map("/apis/{**path}", (HttpContext context, string? path) => GuardedAsync(context, user => DispatchAsync(context, user, core: false, path ?? "")));
    }

    private async Task<IResult> GuardedAsync(HttpContext context, Func<string, Task<IResult>> handle)
    {
        try
        {
            return await handle(users.Authenticate(context.Request));
        }
        catch (KubernetesException error) when (!context.Response.HasStarted)
        {
            return ResourceEndpoint.Answer(error.ToStatus(), error.Code);
        }
    }

    private async Task<IResult> DispatchAsync(HttpContext context, string user, bool core, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var depth = core ? 1 : 2;
        var group = core ? "" : parts.ElementAtOrDefault(0) ?? "";
        var version = parts.ElementAtOrDefault(depth - 1) ?? "";
        if (parts.Length <= depth)
        {
            var document = parts.Length == depth ? discovery.Resources(group, version)
                : parts.Length == 0 ? (core ? discovery.CoreVersions() : discovery.Groups())
                : discovery.Group(group);
            return document is null ? NotFound() : ResourceEndpoint.Answer(document);
        }

        if (context.Request.Method == "POST" && group is "authentication.k8s.io" or "authorization.k8s.io")
        {
            return users.Review(user, parts[^1], await ResourceEndpoint.BodyAsync(context.Request)) is { } review
                ? ResourceEndpoint.Answer(review, StatusCodes.Status201Created)
                : NotFound();
        }

        return RequestTarget.Parse(types, group, version, parts[depth..]) is { } target
            ? await resources.HandleAsync(context, user, target)
            : NotFound();
    }

    private static IResult NotFound() => Results.Text("404 page not found\n", "text/plain; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    /// <summary>The schemas of the custom resources, by which tools such as <c>kubectl explain</c> work.</summary>
    private JsonObject OpenApi()
    {
        var definitions = new JsonObject();
        foreach (var type in types.All.Where(t => t.Schema is not null))
        {
            var schema = type.Schema!.Copy();
            schema["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind });
            definitions[$"{string.Join('.', type.Group.Split('.').Reverse())}.{type.Version}.{type.Kind}"] = schema;
        }

        return new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.36.0" },
            ["paths"] = new JsonObject(),
            ["definitions"] = definitions,
        };
    }
}
