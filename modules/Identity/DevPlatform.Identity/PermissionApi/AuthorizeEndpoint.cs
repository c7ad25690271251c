using System.Text.Json;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DevPlatform.Identity.PermissionApi;

/// <summary>One answer.</summary>
/// <param name="Id">That of the question.</param>
/// <param name="Result"><c>ALLOW</c> or <c>DENY</c>, or a list of them where the question named a list of resources and they matter.</param>
internal sealed record AuthorizeAnswer(string Id, object Result);

/// <summary>The answers, in the order of the questions.</summary>
internal sealed record AuthorizeResponse(IReadOnlyList<AuthorizeAnswer> Items);

/// <summary><c>POST /api/permission/authorize</c>, as Backstage's permission backend.</summary>
internal static class AuthorizeEndpoint
{
    private const string Allow = "ALLOW";
    private const string Deny = "DENY";

    public static void Map(IEndpointRouteBuilder permission)
    {
        permission.MapPost("/authorize", DecideAsync)
            .RequireSignIn("it tells callers only about themselves")
            .WithSummary("Decides a batch of permissions for the caller (Backstage's permission API)")
            .Produces<AuthorizeResponse>();
        permission.MapGet("/health", () => TypedResults.Ok(new { status = "ok" }))
            .AllowAnonymous("a probe")
            .WithSummary("Health, as Backstage's permission backend answers it");
    }

    private static async Task DecideAsync(HttpContext http, JsonElement? body, Caller caller, IPermissionEvaluator evaluator)
    {
        var answers = new List<AuthorizeAnswer>();
        foreach (var question in AuthorizeRequest.Parse(body))
        {
            var decision = evaluator.Evaluate(caller, question.Permission);
            // A conditional answer to a basic permission is a policy that names conditions nobody can check: no.
            object result = decision.Result == PermissionResult.Conditional && question.ResourceRefs.Count > 0
                ? await JudgeAsync(http, question, caller, evaluator)
                : decision.IsAllowed ? Allow : Deny;
            answers.Add(new AuthorizeAnswer(question.Id, result));
        }

        await WriteAsync(http.Response, answers);
    }

    /// <summary>Where the answer depends on the resource, each is looked at. What nobody tells about, its module judges when it is called: no.</summary>
    private static async Task<object> JudgeAsync(HttpContext http, AuthorizeQuestion question, Caller caller, IPermissionEvaluator evaluator)
    {
        var known = http.RequestServices.GetServices<IPermissionResources>().FirstOrDefault(r => r.ResourceType == question.Permission.ResourceType);
        var results = new List<string>(question.ResourceRefs.Count);
        foreach (var resourceRef in question.ResourceRefs)
        {
            var resource = known is null ? null : await known.FindAsync(resourceRef, http.RequestAborted);
            results.Add(resource is not null && evaluator.Evaluate(caller, question.Permission, resource).IsAllowed ? Allow : Deny);
        }

        return question.IsArray ? results : results[0];
    }

    // By hand: the portal asks for every button, and this is half the cost of a serializer that has to find out what a result is.
    private static async Task WriteAsync(HttpResponse response, List<AuthorizeAnswer> answers)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var (id, result) in answers)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WritePropertyName("result");
            if (result is List<string> list)
            {
                json.WriteStartArray();
                list.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }
            else
            {
                json.WriteStringValue((string)result);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
