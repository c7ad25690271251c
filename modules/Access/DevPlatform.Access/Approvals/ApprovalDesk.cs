using DevPlatform.Access.Contracts;
using DevPlatform.Access.Data;
using DevPlatform.Access.Policy;
using DevPlatform.Access.Requests;
using DevPlatform.Identity.Contracts;
using DevPlatform.Shared.Audit;
using DevPlatform.Shared.Identity;
using DevPlatform.Shared.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DevPlatform.Access.Approvals;

/// <summary>What an approval is about, where it is about something of this module.</summary>
internal static class ApprovalSubjects
{
    public const string AccessRequest = "access.request";
    public const string AccessExtension = "access.extension";
}

/// <summary>An approval to be asked for.</summary>
internal sealed record NewApproval(
    Guid Id, string SubjectType, string SubjectId, string Title, string? Reason, Actor RequestedBy, ApprovalRule Rule, string? ResourceRef, string? Environment);

/// <summary>Opens approvals, and carries their outcome to what waits for it.</summary>
public sealed class ApprovalDesk(IAuditTrail audit, AccessTransitions transitions, IOptionsMonitor<AccessOptions> options, TimeProvider time)
{
    /// <summary>All of the roles must approve; without any, those that approvals escalate to decide.</summary>
    internal ApprovalRule RuleOf(IReadOnlyList<string> roles) => roles.Count == 0
        ? new ApprovalRule([[.. options.CurrentValue.EscalateTo.Select(Audiences.Role)]])
        : new ApprovalRule([.. roles.Select(role => new[] { Audiences.Role(role) })]);

    internal async Task<Guid> OpenAsync(Outbox<AccessDbContext> outbox, NewApproval asked)
    {
        var now = time.GetUtcNow();
        var approval = new Approval
        {
            Id = asked.Id,
            SubjectType = asked.SubjectType,
            SubjectId = asked.SubjectId,
            Title = asked.Title,
            Reason = asked.Reason,
            RequestedBy = asked.RequestedBy,
            RequesterRef = asked.RequestedBy.UserRef,
            ResourceRef = asked.ResourceRef,
            Environment = asked.Environment,
            Rule = asked.Rule,
            ApproverKeys = [.. asked.Rule.Keys],
            CreatedAt = now,
            EscalateAt = now + options.CurrentValue.EscalateAfter,
            ExpiresAt = now + options.CurrentValue.ExpireAfter,
        };
        outbox.DbContext.Approvals.Add(approval);
        await outbox.ScheduleAsync(new CheckApproval(approval.Id), approval.EscalateAt);
        await outbox.ScheduleAsync(new CheckApproval(approval.Id), approval.ExpiresAt);
        await RecordAsync(outbox, approval, asked.RequestedBy, "approval.request", $"{approval.Title}: {approval.Reason}");
        await outbox.PublishAsync(ApprovalNotices.Asked(approval));
        return approval.Id;
    }

    /// <summary>Records an answer, and carries the outcome on if there is one.</summary>
    internal async Task DecideAsync(Outbox<AccessDbContext> outbox, Approval approval, Vote vote)
    {
        approval.Decide(vote);
        await RecordAsync(outbox, approval, vote.By, vote.Approve ? "approval.approve" : "approval.deny", vote.Comment ?? approval.Title);
        await CarryOnAsync(outbox, approval, vote.By, vote.Comment);
    }

    /// <summary>Escalates or expires what is due.</summary>
    internal async Task CheckAsync(Outbox<AccessDbContext> outbox, Approval approval)
    {
        var now = time.GetUtcNow();
        if (approval.State == ApprovalState.Pending && now >= approval.ExpiresAt)
        {
            const string reason = "Nobody decided in time";
            approval.End(ApprovalState.Expired, now);
            await RecordAsync(outbox, approval, Actor.Platform, "approval.expire", reason);
            await CarryOnAsync(outbox, approval, Actor.Platform, reason);
        }
        else if (approval is { State: ApprovalState.Pending, EscalatedAt: null } && now >= approval.EscalateAt)
        {
            var roles = options.CurrentValue.EscalateTo;
            approval.Escalate([.. roles.Select(Audiences.Role)], now);
            await outbox.PublishAsync(ApprovalNotices.Asked(approval));
            await RecordAsync(outbox, approval, Actor.Platform, "approval.escalate", $"Nobody decided in time; {string.Join(", ", roles)} may decide as well");
        }
    }

    internal async Task CancelAsync(Outbox<AccessDbContext> outbox, Approval approval, Actor actor, string reason)
    {
        if (approval.State == ApprovalState.Pending)
        {
            approval.End(ApprovalState.Cancelled, time.GetUtcNow());
            await RecordAsync(outbox, approval, actor, "approval.cancel", reason);
            await outbox.PublishAsync(ApprovalNotices.Ended(approval, reason));
        }
    }

    private async Task CarryOnAsync(Outbox<AccessDbContext> outbox, Approval approval, Actor actor, string? reason)
    {
        if (approval.State == ApprovalState.Pending)
        {
            return;
        }

        await outbox.PublishAsync(ApprovalNotices.Ended(approval, reason));
        switch (approval.SubjectType)
        {
            case ApprovalSubjects.AccessRequest:
                var state = approval.State switch
                {
                    ApprovalState.Approved => AccessState.Approved,
                    ApprovalState.Denied => AccessState.Denied,
                    _ => AccessState.Expired,
                };
                await transitions.ApplyAsync(outbox, await SubjectAsync(outbox, approval), state, actor, reason);
                break;
            case ApprovalSubjects.AccessExtension:
                await EndExtensionAsync(outbox, approval, actor, reason);
                break;
            default:
                var deciders = approval.State == ApprovalState.Expired ? [] : approval.Votes.Select(v => v.By.UserRef).ToArray();
                await outbox.PublishAsync(new ApprovalDecided(
                    approval.Id, approval.SubjectType, approval.SubjectId, approval.State.ToString().ToLowerInvariant(), deciders, reason, approval.DecidedAt!.Value));
                break;
        }
    }

    private async Task EndExtensionAsync(Outbox<AccessDbContext> outbox, Approval approval, Actor actor, string? reason)
    {
        var request = await SubjectAsync(outbox, approval);
        if (request.Extension is not { } extension || extension.ApprovalId != approval.Id)
        {
            return; // The access ended while its extension was being decided.
        }

        if (approval.State == ApprovalState.Approved)
        {
            await transitions.ExtendAsync(outbox, request, extension.Duration, actor, extension.Justification);
        }
        else
        {
            request.Extension = null;
            request.Message = $"Not extended: {reason ?? "denied"}";
        }
    }

    private static Task<AccessRequest> SubjectAsync(Outbox<AccessDbContext> outbox, Approval approval)
    {
        var id = Guid.Parse(approval.SubjectId);
        return outbox.DbContext.Requests.SingleAsync(r => r.Id == id);
    }

    private async Task RecordAsync(Outbox<AccessDbContext> outbox, Approval approval, Actor actor, string action, string? reason) =>
        await outbox.PublishAsync(audit.Event(actor, $"access.{action}", $"approval:{approval.Id}", AuditResult.Success, reason));
}
