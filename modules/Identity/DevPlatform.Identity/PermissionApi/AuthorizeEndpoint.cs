using System.Text.Json.Nodes;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wolverine;

namespace DevPlatform.Identity.PermissionApi;

/// <summary>One answer: <c>ALLOW</c> or <c>DENY</c>, or one of them per resource where the question named several.</summary>
internal sealed record AuthorizeAnswer(string Id, JsonNode Result);

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
            .WithSummary("Decides a batch of permissions for the caller (Backstage's permission API)");
        permission.MapGet("/health", () => TypedResults.Ok(new { status = "ok" }))
            .AllowAnonymous("a probe")
            .WithSummary("Health, as Backstage's permission backend answers it");
    }

    private static async Task<Ok<AuthorizeResponse>> DecideAsync(
        JsonNode? body, Caller caller, IPermissionEvaluator evaluator, IMessageBus bus, CancellationToken cancellationToken)
    {
        var questions = AuthorizeRequest.Parse(body);
        var entities = new Dictionary<string, PermissionResource?>(StringComparer.OrdinalIgnoreCase);
        var answers = new List<AuthorizeAnswer>(questions.Count);
        foreach (var question in questions)
        {
            var decision = evaluator.Evaluate(caller, question.Permission);
            if (decision.Result != PermissionResult.Conditional || question.ResourceRefs.Count == 0)
            {
                // A conditional answer to a basic permission is a policy that names conditions nobody can check: no.
                answers.Add(new AuthorizeAnswer(question.Id, decision.IsAllowed ? Allow : Deny));
                continue;
            }

            var results = new List<string>(question.ResourceRefs.Count);
            foreach (var resourceRef in question.ResourceRefs)
            {
                var resource = await LoadAsync(question.Permission, resourceRef);
                var allowed = resource is not null && evaluator.Evaluate(caller, question.Permission, resource).IsAllowed;
                results.Add(allowed ? Allow : Deny);
            }

            answers.Add(new AuthorizeAnswer(question.Id, question.IsArray ? new JsonArray([.. results]) : results[0]));
        }

        return TypedResults.Ok(new AuthorizeResponse(answers));

        // The owners of other resources (tasks) only their modules know: those decide when they are called.
        async Task<PermissionResource?> LoadAsync(Permission permission, string resourceRef)
        {
            if (permission.ResourceType is not "catalog-entity")
            {
                return null;
            }

            if (!entities.TryGetValue(resourceRef, out var entity))
            {
                entity = await EntityResource.LoadAsync(bus, resourceRef, cancellationToken);
                entities[resourceRef] = entity;
            }

            return entity;
        }
    }
}
