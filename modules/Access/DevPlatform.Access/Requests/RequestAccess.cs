using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Catalog.Contracts;
using DevPlatform.Identity.Contracts;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Wolverine;

namespace DevPlatform.Access.Requests;

/// <summary>Body of <c>POST /api/access/requests</c>.</summary>
/// <param name="Resource">Entity ref of what to access; kind defaults to resource.</param>
/// <param name="AccessType">read, write or admin.</param>
/// <param name="Duration">ISO 8601 (<c>PT1H</c>) or short (<c>1h</c>); absent = the policy's default.</param>
/// <param name="Justification">Why, for approvers and the audit trail.</param>
/// <param name="StartAt">When the access is to begin; absent = when approved.</param>
/// <param name="Urgency">normal (default) or urgent.</param>
/// <param name="Target">database, ssh, kubernetes-exec or port-forward, where a resource offers more than one.</param>
internal sealed record RequestAccess(
    string? Resource, string? AccessType, string? Duration, string? Justification, DateTimeOffset? StartAt, string? Urgency, string? Target)
{
    private const int LongestJustification = 1000;

    public EntityRef Validate(DateTimeOffset now, TimeSpan maximumAdvance)
    {
        if (!EntityRef.TryParse(Resource, out var entityRef, "resource"))
        {
            throw InputException.For("resource", Resource, "an entity reference, [<kind>:][<namespace>/]<name>");
        }

        OneOf("accessType", AccessType, AccessTargets.AccessTypes);
        OneOf("urgency", Urgency ?? "normal", ["normal", "urgent"]);
        if (Target is not null)
        {
            OneOf("target", Target, AccessTargets.All);
        }

        if (string.IsNullOrWhiteSpace(Justification) || Justification.Length > LongestJustification)
        {
            throw InputException.For("justification", Justification is null ? null : $"{Justification.Length} characters", $"1 to {LongestJustification} characters");
        }

        // A minute of grace: the clock of whoever asks "from now on" may be behind.
        if (StartAt < now.AddMinutes(-1) || StartAt > now + maximumAdvance)
        {
            throw InputException.For("startAt", StartAt?.ToString("O"), $"a time from now until {now + maximumAdvance:O}");
        }

        return entityRef;
    }

    private static void OneOf(string field, string? found, string[] allowed)
    {
        if (!allowed.Contains(found, StringComparer.Ordinal))
        {
            throw InputException.For(field, found, string.Join(", ", allowed));
        }
    }
}

internal static class RequestAccessEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapPost("/requests", HandleAsync)
            .RequirePermission(AccessPermissions.RequestCreate)
            .WithSummary("Ask for time-boxed access")
            .WithDescription(
                "Asks for just-in-time access to a catalog entity (RFC §10). The policy decides whether approvers are needed; where none are, "
                + "the request is approved at once and becomes Active as soon as Teleport has it. 400: a field is wrong. 404: unknown entity. "
                + "403: not permitted, or the entity comes from a source that may not describe access.");

    private static async Task<Created<AccessRequestView>> HandleAsync(
        RequestAccess body, Caller caller, HttpContext http, IMessageBus bus, IOptionsMonitor<AccessOptions> options, AccessTargetReader targets,
        AccessPolicy policy, AccessTransaction transaction, AccessTransitions transitions, ApprovalDesk desk, AccessViews views, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var entityRef = body.Validate(now, options.CurrentValue.MaximumAdvance);
        var document = await bus.InvokeAsync<EntityDocument>(new GetEntity(entityRef.ToString()), http.RequestAborted);
        var target = targets.Read(document, body.Target);
        await http.AuthorizeAsync(AccessPermissions.RequestCreate, new PermissionResource(target.ResourceRef, target.Owners, target.Environment));
        var terms = policy.TermsFor(target, body.AccessType!, body.Duration);
        var request = New(body, caller, target, terms, now);
        await transaction.RunAsync(
            async outbox =>
            {
                await transitions.CreatedAsync(outbox, request);
                if (terms.Approval is null)
                {
                    await transitions.ApplyAsync(outbox, request, AccessState.Approved, Actor.Platform, "Approved by policy");
                }
                else
                {
                    request.ApprovalId = await desk.OpenAsync(outbox, ForRequest(request, terms.Approval));
                }
            },
            http.RequestAborted);
        return TypedResults.Created($"/api/access/requests/{request.Id}", await views.OfAsync(request.Id, caller, http.RequestAborted));
    }

    private static AccessRequest New(RequestAccess body, Caller caller, AccessTarget target, AccessTerms terms, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        RequestedBy = caller.ToActor(),
        RequesterRef = caller.UserRef,
        Username = caller.Username,
        ResourceRef = target.ResourceRef,
        Target = target.Target,
        Environment = target.Environment,
        AccessType = body.AccessType!,
        Duration = terms.Duration,
        MaximumDuration = terms.Maximum,
        Justification = body.Justification!.Trim(),
        Urgent = body.Urgency == "urgent",
        CreatedAt = now,
        StartAt = body.StartAt?.ToUniversalTime(),
        TeleportResource = target.TeleportResource,
        VaultRole = target.VaultRole,
    };

    private static NewApproval ForRequest(AccessRequest request, ApprovalRule rule) => new(
        Guid.CreateVersion7(request.CreatedAt),
        ApprovalSubjects.AccessRequest,
        request.Id.ToString(),
        $"{request.AccessType} access to {request.ResourceRef} for {DurationText.Format(request.Duration)}",
        request.Justification,
        request.RequestedBy,
        rule,
        request.ResourceRef,
        request.Environment);
}
