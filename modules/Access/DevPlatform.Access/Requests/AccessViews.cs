using DevPlatform.Access.Approvals;
using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Access.Teleport;
using DevPlatform.Identity.Contracts.Permissions;
using DevPlatform.Shared.Errors;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Requests;

/// <summary>An access request as its requester, its approvers and security see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Resource">Entity ref of what is accessed.</param>
/// <param name="Target">database, ssh, kubernetes-exec or port-forward.</param>
/// <param name="Environment">development, staging or production.</param>
/// <param name="AccessType">read, write or admin.</param>
/// <param name="Duration">ISO 8601, extensions included.</param>
/// <param name="Justification">Why.</param>
/// <param name="Urgency">normal or urgent.</param>
/// <param name="State">Pending, Approved, Active, Expired, Revoked, Denied or Cancelled.</param>
/// <param name="Message">Why it ended, or what it waits for.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="StartAt">When it is to begin; null = when approved.</param>
/// <param name="ActivatedAt">When it began.</param>
/// <param name="ExpiresAt">When it ends, once active.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Approval">Its approval; null when the policy needed none.</param>
/// <param name="Credential">The database credential's lease, never the credential.</param>
/// <param name="Teleport">Links to Teleport.</param>
/// <param name="Actions">What the caller may do now: review, cancel, credentials, extend, revoke.</param>
internal sealed record AccessRequestView(
    Guid Id,
    string Resource,
    string Target,
    string Environment,
    string AccessType,
    string Duration,
    string Justification,
    string Urgency,
    string State,
    string? Message,
    PersonView RequestedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartAt,
    DateTimeOffset? ActivatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? EndedAt,
    ApprovalView? Approval,
    CredentialView? Credential,
    TeleportView Teleport,
    IReadOnlyList<string> Actions);

/// <summary>Where the credential stands.</summary>
/// <param name="IssuedAt">When it was shown to the requester.</param>
/// <param name="RevokedAt">When Vault confirmed its end; null while it lives.</param>
internal sealed record CredentialView(DateTimeOffset IssuedAt, DateTimeOffset? RevokedAt);

/// <summary>Where the request is in Teleport.</summary>
/// <param name="RequestId">Teleport's id; null until Teleport has it.</param>
/// <param name="RequestUrl">Page of the request, or null.</param>
/// <param name="RecordingsUrl">List of session recordings, or null.</param>
internal sealed record TeleportView(string? RequestId, string? RequestUrl, string? RecordingsUrl);

/// <summary>Reads requests as a caller may see them.</summary>
internal sealed class AccessViews(
    AccessDbContext db, ApprovalViews approvals, IPermissionEvaluator permissions, IOptionsMonitor<TeleportOptions> teleport, TimeProvider time)
{
    /// <summary>One's own, those one is an approver of, and all for who may end others' access or see others' recordings.</summary>
    public IQueryable<AccessRequest> VisibleTo(Caller caller)
    {
        var requests = db.Requests.AsNoTracking();
        if (permissions.Evaluate(caller, AccessPermissions.RequestRevoke).IsAllowed || permissions.Evaluate(caller, AccessPermissions.RecordingRead).IsAllowed)
        {
            return requests;
        }

        var mine = approvals.VisibleTo(caller).Select(a => a.Id);
        return requests.Where(r => r.RequesterRef == caller.UserRef || (r.ApprovalId != null && mine.Contains(r.ApprovalId.Value)));
    }

    /// <exception cref="NotFoundException">There is none, or none that the caller may see.</exception>
    public async Task<AccessRequestView> OfAsync(Guid id, Caller caller, CancellationToken cancellationToken)
    {
        var request = await VisibleTo(caller).SingleOrDefaultAsync(r => r.Id == id, cancellationToken) ?? throw new NotFoundException($"No access request {id}");
        return (await OfAsync([request], caller, cancellationToken))[0];
    }

    public async Task<IReadOnlyList<AccessRequestView>> OfAsync(IReadOnlyList<AccessRequest> requests, Caller caller, CancellationToken cancellationToken)
    {
        var ids = requests.Select(r => r.ApprovalId).OfType<Guid>().ToArray();
        var found = await db.Approvals.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancellationToken);
        return [.. requests.Select(r => Of(r, r.ApprovalId is { } id ? found.GetValueOrDefault(id) : null, caller))];
    }

    private AccessRequestView Of(AccessRequest request, Approval? approval, Caller caller) => new(
        request.Id, request.ResourceRef, request.Target, request.Environment, request.AccessType, DurationText.Format(request.Duration),
        request.Justification, request.Urgent ? "urgent" : "normal", request.State.ToString(), request.Message,
        new(request.RequesterRef, request.RequestedBy.Name), request.CreatedAt, request.StartAt, request.ActivatedAt, request.ExpiresAt,
        request.EndedAt, approval is null ? null : approvals.Of(approval, caller),
        request.Credential.IssuedAt is { } issued ? new(issued, request.Credential.RevokedAt) : null,
        new(request.Teleport.RequestId, teleport.CurrentValue.RequestUrl(request.Teleport.RequestId), teleport.CurrentValue.RecordingsUrl),
        [.. ActionsOf(request, approval, caller)]);

    private IEnumerable<string> ActionsOf(AccessRequest request, Approval? approval, Caller caller)
    {
        var own = request.RequesterRef == caller.UserRef;
        var live = request.State == AccessState.Active && request.ExpiresAt > time.GetUtcNow();
        if (request.State == AccessState.Pending && approval is not null && approvals.MayReview(approval, caller))
        {
            yield return "review";
        }

        if (own && request.State == AccessState.Pending)
        {
            yield return "cancel";
        }

        if (own && live && request.Target == AccessTargets.Database && request.Credential is { IssuedAt: null })
        {
            yield return "credentials";
        }

        if (own && live && request.Extension is null && request.Duration < request.MaximumDuration)
        {
            yield return "extend";
        }

        if (request.State is AccessState.Approved or AccessState.Active
            && (own || permissions.Evaluate(caller, AccessPermissions.RequestRevoke, new PermissionResource(request.ResourceRef, Environment: request.Environment)).IsAllowed))
        {
            yield return "revoke";
        }
    }
}
