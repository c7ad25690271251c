using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DevPlatform.MockTools.Json;
using DevPlatform.MockTools.Kubernetes.Client;
using DevPlatform.MockTools.Kubernetes.Objects;

namespace DevPlatform.MockTools.ArgoCd;

/// <summary>A failed call, with its gRPC code.</summary>
internal sealed class ArgoCdException(int status, int code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public IResult ToResult() => Results.Json(new { error = Message, code, message = Message, details = Array.Empty<object>() }, statusCode: Status);

    public static ArgoCdException Unauthenticated(string why) => new(401, 16, why);
}

/// <summary>The part of Argo CD's REST API that reads and syncs applications.</summary>
internal sealed class ArgoCdApi(ArgoCdSessions sessions, ApplicationController controller, ApplicationReconciler reconciler, ClusterClient cluster, GitSource git, ResourceTree tree)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/version", () => new { Version = "v3.5.1+109ca7c" });
        app.MapPost("/api/v1/session", (Delegate)SignInAsync);
        app.MapDelete("/api/v1/session", (HttpResponse response) =>
        {
            response.Cookies.Delete("argocd.token");
            return Results.Json(new { });
        });
        app.MapGet("/api/v1/session/userinfo", (HttpContext context) => sessions.Caller(context.Request) is { } user
            ? Results.Json(new { loggedIn = true, username = user, iss = "argocd", groups = Array.Empty<string>() })
            : Results.Json(new { loggedIn = false }));

        var applications = app.MapGroup("/api/v1/applications").AddEndpointFilter(GuardAsync);
        applications.MapGet("", (Delegate)ListAsync);
        applications.MapGet("/{name}", GetAsync);
        applications.MapPost("/{name}/sync", SyncAsync);
        applications.MapDelete("/{name}/operation", TerminateAsync);
        applications.MapGet("/{name}/resource-tree", async (HttpContext context, string name) => Answer(await tree.BuildAsync(Find(context, name), context.RequestAborted)));
        applications.MapGet("/{name}/managed-resources", (HttpContext context, string name) => Answer(ManagedResources(Find(context, name))));
        applications.MapGet("/{name}/manifests", ManifestsAsync);
        applications.MapGet("/{name}/revisions/{revision}/metadata", (HttpContext context, string name, string revision) =>
            Answer(git.Describe(new ApplicationSpec(Find(context, name)).RepoUrl, revision) ?? throw new ArgoCdException(404, 5, $"revision {revision} not found")));
        app.MapGroup("/api/v1/stream").AddEndpointFilter(GuardAsync).MapGet("/applications", StreamAsync);
    }

    private static IResult Answer(JsonNode body) => Results.Text(body.ToJsonString(JsonExtensions.Plain), "application/json", Encoding.UTF8);

    private async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        try
        {
            var caller = sessions.Caller(call.HttpContext.Request)
                ?? throw ArgoCdException.Unauthenticated(call.HttpContext.Request.Headers.Authorization.Count == 0 ? "no session information" : "invalid session: token is malformed or expired");
            call.HttpContext.Items["user"] = caller;
            return await next(call);
        }
        catch (ArgoCdException error)
        {
            return error.ToResult();
        }
        catch (Exception error) when (error is ClusterException or HttpRequestException or TimeoutException)
        {
            return new ArgoCdException(503, 14, error.Message).ToResult();
        }
    }

    private async Task<IResult> SignInAsync(HttpContext context)
    {
        JsonNode? body = null;
        try
        {
            body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            return new ArgoCdException(400, 3, "invalid JSON").ToResult();
        }

        return sessions.SignIn(body.Text("username"), body.Text("password")) is { } token
            ? Results.Json(new { token })
            : ArgoCdException.Unauthenticated("Invalid username or password").ToResult();
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        await RefreshAsync(context, query["refresh"]);
        string[] projects = [.. query["projects"].Concat(query["project"]).OfType<string>().Where(p => p.Length > 0)];
        Func<JsonObject, bool> matches;
        try
        {
            matches = Selectors.Parse(Kubernetes.Types.InstalledTypes.All.First(t => t.Kind == "Application"), query["selector"], null);
        }
        catch (Kubernetes.KubernetesException error)
        {
            throw new ArgoCdException(400, 3, error.Message);
        }

        var list = await cluster.ListAsync("apis/argoproj.io/v1alpha1/applications", context.RequestAborted);
        var items = list.Objects("items").Where(a => matches(a)
            && (query["name"].ToString() is not { Length: > 0 } name || a.Text("metadata", "name") == name)
            && (projects.Length == 0 || projects.Contains(new ApplicationSpec(a).Project))
            && (query["repo"].ToString() is not { Length: > 0 } repo || new ApplicationSpec(a).RepoUrl == repo));
        return Answer(new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = list.Text("metadata", "resourceVersion") },
            ["items"] = new JsonArray([.. items.Select(WithHealth)]),
        });
    }

    private async Task<IResult> GetAsync(HttpContext context, string name)
    {
        var found = Find(context, name);
        await RefreshAsync(context, context.Request.Query["refresh"]);
        return Answer(WithHealth(await cluster.GetAsync(ApplicationReconciler.Address(found), context.RequestAborted) ?? found));
    }

    private async Task<IResult> SyncAsync(HttpContext context, string name)
    {
        var application = Find(context, name);
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        JsonObject body;
        try
        {
            body = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? throw new ArgoCdException(400, 3, "the body is not an object");
        }
        catch (JsonException error)
        {
            throw new ArgoCdException(400, 3, error.Message);
        }

        var current = await cluster.GetAsync(ApplicationReconciler.Address(application), context.RequestAborted) ?? application;
        if (current["operation"] is not null)
        {
            throw new ArgoCdException(400, 9, "another operation is already in progress");
        }

        var sync = new JsonObject();
        foreach (var field in (string[])["revision", "prune", "dryRun", "resources", "syncOptions"])
        {
            if (body[field] is { } value)
            {
                sync[field] = (field == "syncOptions" ? value["items"] : value)?.DeepClone();
            }
        }

        var operation = new JsonObject { ["initiatedBy"] = new JsonObject { ["username"] = (string)context.Items["user"]! }, ["sync"] = sync, ["info"] = body["infos"]?.DeepClone() ?? new JsonArray() };
        return Answer(WithHealth(await cluster.MergeAsync(ApplicationReconciler.Address(application), new JsonObject { ["operation"] = operation }, context.RequestAborted)));
    }

    private async Task<IResult> TerminateAsync(HttpContext context, string name)
    {
        var application = Find(context, name);
        if (application["operation"] is null)
        {
            throw new ArgoCdException(400, 3, "Unable to terminate operation. No operation is in progress");
        }

        await cluster.MergeAsync(ApplicationReconciler.Address(application), new JsonObject { ["operation"] = null }, context.RequestAborted);
        return Results.Json(new { });
    }

    private async Task<IResult> ManifestsAsync(HttpContext context, string name)
    {
        var application = new ApplicationSpec(Find(context, name));
        try
        {
            var asked = context.Request.Query["revision"].ToString();
            var revision = await git.ResolveAsync(application.RepoUrl, asked.Length > 0 ? asked : application.TargetRevision);
            return Answer(new JsonObject
            {
                ["manifests"] = new JsonArray([.. git.Read(application, revision).Select(m => JsonValue.Create(m.ToJsonString(JsonExtensions.Plain)))]),
                ["namespace"] = application.DestinationNamespace,
                ["server"] = application.Resource.Text("spec", "destination", "server"),
                ["revision"] = revision,
                ["sourceType"] = "Directory",
            });
        }
        catch (ManifestException error)
        {
            throw new ArgoCdException(500, 2, error.Message);
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        var name = context.Request.Query["name"].ToString();
        var collection = "apis/argoproj.io/v1alpha1/applications";
        var version = context.Request.Query["resourceVersion"].ToString();
        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await foreach (var (type, application) in cluster.WatchAsync(collection, version, context.RequestAborted))
            {
                if (type != "BOOKMARK" && (name.Length == 0 || application.Text("metadata", "name") == name))
                {
                    await WriteAsync(new JsonObject { ["result"] = new JsonObject { ["type"] = type, ["application"] = WithHealth(application) } });
                }
            }
        }
        catch (ClusterException error)
        {
            await WriteAsync(new JsonObject { ["error"] = new JsonObject { ["grpc_code"] = 2, ["http_code"] = error.Code, ["message"] = error.Message } });
        }
        catch (OperationCanceledException)
        {
            // The client has left.
        }

        async Task WriteAsync(JsonObject frame)
        {
            await context.Response.WriteAsync(frame.ToJsonString(JsonExtensions.Plain) + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private JsonObject ManagedResources(JsonObject application)
    {
        var items = reconciler.ResourcesOf(application.Text("metadata", "name")!).Select(r => new JsonObject
        {
            ["group"] = r.Id.Group,
            ["kind"] = r.Id.Kind,
            ["namespace"] = r.Id.Namespace,
            ["name"] = r.Id.Name,
            ["targetState"] = r.Target?.ToJsonString(JsonExtensions.Plain) ?? "null",
            ["liveState"] = r.Live?.ToJsonString(JsonExtensions.Plain) ?? "null",
            ["resourceVersion"] = r.Live.Text("metadata", "resourceVersion"),
            ["modified"] = !r.Synced,
        });
        return new JsonObject { ["items"] = new JsonArray([.. items]) };
    }

    /// <summary>An application that is not there looks like one that the caller may not see, unless the project is named.</summary>
    private JsonObject Find(HttpContext context, string name)
    {
        var project = context.Request.Query["project"].ToString();
        var found = controller.Applications.FirstOrDefault(a => a.Text("metadata", "name") == name);
        return found is not null && (project.Length == 0 || new ApplicationSpec(found).Project == project) ? found
            : project.Length == 0 ? throw new ArgoCdException(403, 7, "permission denied")
            : throw new ArgoCdException(404, 5, $"applications.argoproj.io \"{name}\" not found");
    }

    private Task RefreshAsync(HttpContext context, string? refresh) => refresh switch
    {
        null or "" => Task.CompletedTask,
        "normal" or "hard" => controller.RefreshAsync(context.RequestAborted),
        _ => throw new ArgoCdException(400, 3, $"refresh: '{refresh}'; allowed: normal, hard"),
    };

    private JsonObject WithHealth(JsonObject application)
    {
        var answer = application.Copy();
        answer.Remove("apiVersion");
        answer.Remove("kind");
        var resources = reconciler.ResourcesOf(answer.Text("metadata", "name")!).ToDictionary(r => r.Id);
        foreach (var status in answer.Objects("status", "resources"))
        {
            var id = new ResourceId(status.Text("group") ?? "", status.Text("version")!, status.Text("kind")!, status.Text("namespace") ?? "", status.Text("name")!);
            if (resources.TryGetValue(id, out var resource) && resource.Health is { } health)
            {
                status["health"] = health.ToJson();
            }
        }

        return answer;
    }
}
