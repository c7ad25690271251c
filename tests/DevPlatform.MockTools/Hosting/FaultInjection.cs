using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DevPlatform.MockTools.Hosting;

/// <summary>How the requests whose path starts with <see cref="Path"/> (and whose method is <see cref="Method"/>, when given) go wrong.</summary>
/// <param name="Path">Path prefix, also of gRPC methods: <c>/proto.AuthService/Ping</c>. <c>/</c> is everything.</param>
/// <param name="LatencyMs">Milliseconds to wait before anything else happens; alone it only slows the request down.</param>
/// <param name="Status">HTTP status to answer with instead of the tool's answer, 400–599.</param>
/// <param name="GrpcStatus">gRPC status code (1–16) to answer gRPC requests with; without it gRPC clients see <paramref name="Status"/>.</param>
/// <param name="Body">Body sent with <paramref name="Status"/>; JSON when it starts with <c>{</c> or <c>[</c>, text otherwise.</param>
/// <param name="Drop">Cut the connection (HTTP/2: reset the stream) without an answer.</param>
/// <param name="RetryAfter">Value of <c>Retry-After</c>, seconds or an HTTP date.</param>
/// <param name="Times">How many requests the rule meets before it is used up; absent = until cleared.</param>
/// <param name="Method">HTTP method; absent = all.</param>
public sealed record FaultRule(
    string Path,
    int LatencyMs = 0,
    int? Status = null,
    int? GrpcStatus = null,
    string? Body = null,
    bool Drop = false,
    string? RetryAfter = null,
    int? Times = null,
    string? Method = null)
{
    /// <summary>What is wrong with the rule, or null.</summary>
    internal string? Problem() => this switch
    {
        { Path: null } or { Path: "" } => "path: missing; allowed: a path prefix starting with '/'",
        { Path: var path } when path[0] != '/' => $"path: '{path}'; allowed: a path prefix starting with '/'",
        { LatencyMs: < 0 or > 600_000 } => $"latencyMs: {LatencyMs}; allowed: 0 to 600000",
        { Status: < 400 or > 599 } => $"status: {Status}; allowed: 400 to 599",
        { GrpcStatus: < 1 or > 16 } => $"grpcStatus: {GrpcStatus}; allowed: 1 to 16",
        { Times: < 1 } => $"times: {Times}; allowed: 1 or more",
        { LatencyMs: 0, Status: null, GrpcStatus: null, Drop: false } =>
            "the rule does nothing; give at least one of latencyMs, status, grpcStatus, drop",
        _ => null,
    };

    internal bool Matches(HttpRequest request) =>
        request.Path.Value?.StartsWith(Path, StringComparison.Ordinal) == true
        && (Method is null || string.Equals(Method, request.Method, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// The <c>/__faults</c> endpoint and the middleware that obeys it: <c>PUT</c> adds a rule (replacing the one with the same path and method),
/// <c>GET</c> lists the rules, <c>DELETE</c> clears them. The longest matching path wins. HTTP and gRPC requests alike.
/// </summary>
internal sealed class FaultInjection(TimeProvider time)
{
    private const string AdminPath = "/__faults";
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];

    public static void Use(WebApplication app)
    {
        var faults = new FaultInjection(app.Services.GetRequiredService<TimeProvider>());
        app.Use(faults.InvokeAsync);
        app.MapGet(AdminPath, () => faults.List());
        app.MapPut(AdminPath, faults.Put);
        app.MapDelete(AdminPath, faults.Clear);
    }

    private FaultRule[] List()
    {
        lock (_gate)
        {
            return [.. _rules];
        }
    }

    private Results<NoContent, BadRequest<object>> Put(FaultRule rule)
    {
        if (rule.Problem() is { } problem)
        {
            return TypedResults.BadRequest<object>(new { error = problem });
        }

        lock (_gate)
        {
            _rules.RemoveAll(r => r.Path == rule.Path && string.Equals(r.Method, rule.Method, StringComparison.OrdinalIgnoreCase));
            _rules.Add(rule);
        }

        return TypedResults.NoContent();
    }

    private NoContent Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
        }

        return TypedResults.NoContent();
    }

    private FaultRule? Take(HttpRequest request)
    {
        lock (_gate)
        {
            var index = Enumerable.Range(0, _rules.Count).Where(i => _rules[i].Matches(request))
                .OrderByDescending(i => _rules[i].Path.Length).FirstOrDefault(-1);
            if (index < 0)
            {
                return null;
            }

            var rule = _rules[index];
            if (rule.Times is 1)
            {
                _rules.RemoveAt(index);
            }
            else if (rule.Times is { } times)
            {
                _rules[index] = rule with { Times = times - 1 };
            }

            return rule;
        }
    }

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments(AdminPath) || Take(context.Request) is not { } rule)
        {
            await next(context);
            return;
        }

        if (rule.LatencyMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(rule.LatencyMs), time, context.RequestAborted);
        }

        if (rule.Drop)
        {
            context.Abort();
        }
        else if (rule.GrpcStatus is { } grpc && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            // A trailers-only answer: status and headers in one frame, no messages.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = grpc.ToString();
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(rule.Body ?? "injected fault");
        }
        else if (rule.Status is { } status)
        {
            await AnswerAsync(context.Response, rule, status);
        }
        else
        {
            await next(context);
        }
    }

    private static Task AnswerAsync(HttpResponse response, FaultRule rule, int status)
    {
        response.StatusCode = status;
        if (rule.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = retryAfter;
        }

        if (rule.Body is not { Length: > 0 } body)
        {
            return Task.CompletedTask;
        }

        response.ContentType = body[0] is '{' or '[' ? "application/json" : "text/plain; charset=utf-8";
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }
}
