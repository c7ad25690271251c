using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.Kubernetes.Api;

/// <summary>The verbs on objects of any kind.</summary>
internal sealed class ResourceEndpoint(ObjectStore store, ObjectWriter writer, Users users, WatchEndpoint watch, TimeProvider time)
{
    public async Task<IResult> HandleAsync(HttpContext context, string user, RequestTarget target)
    {
        var request = context.Request;
        var isWatch = request.Query["watch"].ToString() is "true" or "1" && target.Name is null;
        users.Authorize(user, Verb(request.Method, target.Name, isWatch), target);
        switch (request.Method)
        {
            case "GET" when isWatch:
                await watch.RunAsync(context, target);
                return Results.Empty;
            case "GET" when target.Name is null:
                return Answer(Lists.Read(store, target, request.Query));
            case "GET" when target.Subresource == PodLogs.Subresource:
                return PodLogs.Read(Find(target), request.Query, time.GetUtcNow());
            case "GET":
                return Answer(Find(target));
            case var _ when target.Subresource == PodLogs.Subresource:
                throw new KubernetesException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
            case "POST" when target.Name is null:
                return Answer(writer.Create(target.Type, target.Namespace, await BodyAsync(request), Options(request, target)), StatusCodes.Status201Created);
            case "PUT" when target.Name is not null:
                return Answer(writer.Replace(target.Type, target.Namespace, target.Name, await BodyAsync(request), Options(request, target)));
            case "PATCH" when target.Name is not null:
                return await PatchAsync(request, target);
            case "DELETE" when target.Name is not null:
                return await DeleteAsync(request, target);
            case "DELETE":
                return DeleteAll(request, target);
            default:
                throw new KubernetesException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        }
    }

    private JsonObject Find(RequestTarget target) => store.Current.Objects.GetValueOrDefault(target.Key) ?? throw KubernetesException.NotFound(target.Type, target.Name!);

    public static IResult Answer(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(JsonExtensions.Plain), "application/json", Encoding.UTF8, status);

    /// <exception cref="KubernetesException">400: the body is no JSON object.</exception>
    public static async Task<JsonObject> BodyAsync(HttpRequest request) =>
        await NodeAsync(request) as JsonObject ?? throw KubernetesException.BadRequest("the body of the request is not an object");

    private static async Task<JsonNode?> NodeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        try
        {
            return request.ContentType?.Contains("yaml") == true
                ? YamlDocuments.Parse(text) is [var first, ..] ? first : null
                : text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw KubernetesException.BadRequest($"the object provided is unrecognized: {error.Message}");
        }
    }

    private async Task<IResult> PatchAsync(HttpRequest request, RequestTarget target)
    {
        var options = Options(request, target);
        var type = request.ContentType?.Split(';')[0];
        switch (type)
        {
            case "application/apply-patch+yaml":
                if (request.Query["fieldManager"].ToString().Length == 0)
                {
                    throw new KubernetesException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
                }

                var (applied, created) = writer.Apply(target.Type, target.Namespace, target.Name!, await BodyAsync(request), options);
                return Answer(applied, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            case "application/strategic-merge-patch+json" when target.Type.Custom:
                throw new KubernetesException(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
            case "application/merge-patch+json" or "application/json-patch+json" or "application/strategic-merge-patch+json":
                var patch = await NodeAsync(request) ?? throw KubernetesException.BadRequest("the patch is empty");
                return Answer(writer.Patch(target.Type, target.Namespace, target.Name!, patch, options));
            default:
                throw new KubernetesException(415, "UnsupportedMediaType", $"the body of the request was in an unknown format '{type}' - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml");
        }
    }

    private async Task<IResult> DeleteAsync(HttpRequest request, RequestTarget target)
    {
        var preconditions = (await NodeAsync(request)).At("preconditions") as JsonObject;
        var (last, gone) = writer.Delete(target.Type, target.Namespace, target.Name!, preconditions, Options(request, target));
        if (!gone)
        {
            return Answer(last);
        }

        var details = KubernetesException.Details(target.Type, target.Name!);
        details["uid"] = last.Text("metadata", "uid");
        return Answer(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details });
    }

    private IResult DeleteAll(HttpRequest request, RequestTarget target)
    {
        var list = Lists.Read(store, target, request.Query);
        foreach (var item in list.Objects("items"))
        {
            writer.Delete(target.Type, item.Text("metadata", "namespace") ?? "", item.Text("metadata", "name")!, null, Options(request, target));
        }

        return Answer(list);
    }

    private static WriteOptions Options(HttpRequest request, RequestTarget target)
    {
        var manager = request.Query["fieldManager"].ToString() is { Length: > 0 } given ? given : request.Headers.UserAgent.ToString().Split('/')[0];
        return new WriteOptions(
            manager.Length > 0 ? manager : "unknown",
            DryRun: request.Query["dryRun"] == "All",
            Force: request.Query["force"].ToString() is "true" or "1",
            FieldValidation: request.Query["fieldValidation"].ToString() is { Length: > 0 } validation ? validation : "Warn",
            Subresource: target.Subresource);
    }

    private static string Verb(string method, string? name, bool watch) => method switch
    {
        "GET" => watch ? "watch" : name is null ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        _ => name is null ? "deletecollection" : "delete",
    };
}
