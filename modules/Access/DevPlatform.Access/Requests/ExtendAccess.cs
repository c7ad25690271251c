using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Requests;

/// <summary>Body of <c>POST /api/access/requests/{id}/extend</c>.</summary>
/// <param name="Duration">How much longer, ISO 8601 or short.</param>
/// <param name="Justification">Why.</param>
internal sealed record ExtendAccess(string? Duration, string? Justification);

internal static class ExtendAccessEndpoint
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapPost("/requests/{id:guid}/extend", HandleAsync)
            .RequirePermission(AccessPermissions.RequestCreate)
            .WithSummary("Ask for more time")
            .WithDescription(
                "Lengthens the caller's own active access, up to the policy's maximum counted from its beginning. Who had to approve the access has to "
                + "approve the extension; until then the present end stands. 409 with the current state: it is not active, or an extension waits already.");

    private static async Task<AccessRequestView> HandleAsync(
        Guid id, ExtendAccess body, Caller caller, IOptionsMonitor<AccessOptions> options, AccessTransaction transaction, AccessTransitions transitions,
        ApprovalDesk desk, AccessViews views, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Justification) || body.Justification.Length > 1000)
        {
            throw InputException.For("justification", body.Justification is null ? null : $"{body.Justification.Length} characters", "1 to 1000 characters");
        }

        await transaction.RunAsync(
            async outbox =>
            {
                var request = await ChangeRequestEndpoints.FindAsync(outbox.DbContext, id, cancellationToken);
                if (request.RequesterRef != caller.UserRef)
                {
                    throw new NotAllowedException("Only the requester may extend access");
                }

                var by = Validate(request, body, time.GetUtcNow(), options.CurrentValue.MinimumDuration);
                if (request.ApprovalId is { } approvalId)
                {
                    var original = await outbox.DbContext.Approvals.AsNoTracking().SingleAsync(a => a.Id == approvalId, cancellationToken);
                    await AskAsync(outbox, desk, request, original.Rule, by, body.Justification.Trim(), time.GetUtcNow());
                }
                else
                {
                    await transitions.ExtendAsync(outbox, request, by, caller.ToActor(), body.Justification.Trim());
                }
            },
            cancellationToken);
        return await views.OfAsync(id, caller, cancellationToken);
    }

    private static TimeSpan Validate(AccessRequest request, ExtendAccess body, DateTimeOffset now, TimeSpan minimum)
    {
        request.RequireActive("extended");
        if (now >= request.ExpiresAt)
        {
            throw new ConflictException($"Access request {request.Id} is {AccessState.Expired}; only one that is Active can be extended");
        }

        if (request.Extension is not null)
        {
            throw new ConflictException($"Access request {request.Id} is {request.State}, and an extension of it waits for approval already");
        }

        var longest = request.MaximumDuration - request.Duration;
        var shortest = minimum < longest ? minimum : longest;
        return DurationText.TryParse(body.Duration, out var by) && by >= shortest && by <= longest
            ? by
            : throw InputException.For("duration", body.Duration,
                longest > TimeSpan.Zero
                    ? $"an ISO 8601 duration from {DurationText.Format(shortest)} to {DurationText.Format(longest)}, such as PT15M or 15m"
                    : $"nothing: the access has the longest duration that the policy allows, {DurationText.Format(request.MaximumDuration)}");
    }

    private static async Task AskAsync(
        Shared.Messaging.Outbox<AccessDbContext> outbox, ApprovalDesk desk, AccessRequest request, ApprovalRule rule, TimeSpan by, string justification, DateTimeOffset now)
    {
        var approvalId = Guid.CreateVersion7(now);
        request.Extension = new() { ApprovalId = approvalId, Duration = by, Justification = justification };
        await desk.OpenAsync(outbox, new NewApproval(
            approvalId, ApprovalSubjects.AccessExtension, request.Id.ToString(),
            $"{DurationText.Format(by)} more of {request.AccessType} access to {request.ResourceRef}", justification, request.RequestedBy, rule,
            request.ResourceRef, request.Environment));
    }
}
